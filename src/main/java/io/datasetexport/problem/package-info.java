/** What can be wrong with a request, in words that a caller can act on. Touches the JDK only. */
@NullMarked
package io.datasetexport.problem;

import org.jspecify.annotations.NullMarked;
