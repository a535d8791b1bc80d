/** Decides whether an export may run, then runs it: one snapshot in, one archive out. */
@NullMarked
package io.datasetexport.export;

import org.jspecify.annotations.NullMarked;
