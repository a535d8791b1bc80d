/** PNG masks: one per semantic label and one with all of them. Touches {@code model}, {@code text}, {@code raster} and the parts that formats share. */
@NullMarked
package io.datasetexport.format.masks;

import org.jspecify.annotations.NullMarked;
