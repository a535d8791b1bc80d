/**
 * Rows in, archive out: renders items on all cores, keeps their order, writes entries as they are ready. Touches read, format, archive and
 * spool; knows no HTTP and no SQL.
 */
@NullMarked
package io.datasetexport.pipeline;

import org.jspecify.annotations.NullMarked;
