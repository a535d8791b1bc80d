/** Geometry to pixels and back: polygons and PNGs to masks, run lengths, pictures to PNG. Touches the JDK and the text room. */
@NullMarked
package io.datasetexport.raster;

import org.jspecify.annotations.NullMarked;
