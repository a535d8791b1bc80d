/** What callers send as JSON, read so strictly that a mistake can't change its meaning. Touches {@code problem} and Jackson. */
@NullMarked
package io.datasetexport.json;

import org.jspecify.annotations.NullMarked;
