/** Facts about datasets, by JPA: few rows, by id. Touches {@code access}'s references and {@code model}; no entity leaves. */
@NullMarked
package io.datasetexport.catalog;

import org.jspecify.annotations.NullMarked;
