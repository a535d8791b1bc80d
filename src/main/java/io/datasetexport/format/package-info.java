/** What a format writer is given and what it may say. Each format is one folder below; the folders do not know each other. */
@NullMarked
package io.datasetexport.format;

import org.jspecify.annotations.NullMarked;
