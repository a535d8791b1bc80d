/** Disk for bytes that can't go out yet: what a client is too slow for, what is known only at the end. Touches the JDK only. */
@NullMarked
package io.datasetexport.spool;

import org.jspecify.annotations.NullMarked;
