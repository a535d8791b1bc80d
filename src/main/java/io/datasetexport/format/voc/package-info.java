/** Pascal VOC: one XML file an item. Touches model, text, the writers' contract and, through its source room, Jackson. */
@NullMarked
package io.datasetexport.format.voc;

import org.jspecify.annotations.NullMarked;
