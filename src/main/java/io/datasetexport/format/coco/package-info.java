/** COCO: one JSON file for all images. Touches model, text, raster, the writers' contract and Jackson through its source room. */
@NullMarked
package io.datasetexport.format.coco;

import org.jspecify.annotations.NullMarked;
