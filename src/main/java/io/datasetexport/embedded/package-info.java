/** A private PostgreSQL for those who configured none. Touches the file system, processes and Spring Boot's wiring; knows no table. */
@NullMarked
package io.datasetexport.embedded;

import org.jspecify.annotations.NullMarked;
