/** Text as bytes: UTF-8 buffers, numbers and strings in the spellings that the formats ask for. Touches the JDK only. */
@NullMarked
package io.datasetexport.text;

import org.jspecify.annotations.NullMarked;
