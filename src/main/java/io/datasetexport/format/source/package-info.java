/** Reads what the platform's JSON says of shapes, attributes and pictures, for every format. Touches model, raster and Jackson's parser. */
@NullMarked
package io.datasetexport.format.source;

import org.jspecify.annotations.NullMarked;
