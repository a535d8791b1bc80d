/** One ordered pass over a dataset's items in one PostgreSQL snapshot, by JDBC. */
@NullMarked
package io.datasetexport.read;

import org.jspecify.annotations.NullMarked;
