/** Speaks HTTP: the only room that knows servlets, Spring MVC and Tomcat. Touches every room but {@code read} and {@code format}'s alcoves. */
@NullMarked
package io.datasetexport.web;

import org.jspecify.annotations.NullMarked;
