/** The nouns: item, annotation, label. Touches the JDK only. */
@NullMarked
package io.datasetexport.model;

import org.jspecify.annotations.NullMarked;
