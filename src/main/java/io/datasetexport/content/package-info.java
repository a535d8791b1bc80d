/** The item files one by one: upload with what a picture's header tells, and download; the one room that joins items and blobs. */
@NullMarked
package io.datasetexport.content;

import org.jspecify.annotations.NullMarked;
