/**
 * The demo dataset: drawn scenes whose annotations come from the drawing. Touches access, catalog, ingest, embedded, problem, Java2D
 * and Jackson.
 */
@NullMarked
package io.datasetexport.demo;

import org.jspecify.annotations.NullMarked;
