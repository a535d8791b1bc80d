/** YOLO: one line of numbers a box, one text file an item. Touches model, text, raster, the writers' contract and its source room. */
@NullMarked
package io.datasetexport.format.yolo;

import org.jspecify.annotations.NullMarked;
