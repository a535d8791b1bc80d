/** One valid ZIP or none: entries in, bytes out. Knows neither items nor formats. */
@NullMarked
package io.datasetexport.archive;

import org.jspecify.annotations.NullMarked;
