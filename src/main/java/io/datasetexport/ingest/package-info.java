/** Import and change: a body in, rows out. Touches access, archive, raster, spool, model, json, problem, JDBC and Jackson's streaming core; never HTTP. */
@NullMarked
package io.datasetexport.ingest;

import org.jspecify.annotations.NullMarked;
