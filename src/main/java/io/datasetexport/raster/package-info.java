/** Pixel math: masks as bits, polygons to pixels, run lengths, PNG to mask. Touches the JDK, the text room and nothing else. */
@NullMarked
package io.datasetexport.raster;

import org.jspecify.annotations.NullMarked;
