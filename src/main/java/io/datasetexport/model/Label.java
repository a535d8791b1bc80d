package io.datasetexport.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A label of a dataset.
 *
 * @param number given when the label was created, never reused or changed; YOLO's class number, COCO's category id less one
 * @param path the full dotted path, as annotations name it
 * @param segments the path's tags; a tag may itself hold a dot
 * @param color as the ontology spells it, for example {@code #ff0000} or {@code rgb(7,8,9)}
 * @param folder the label's name as a file name: safe on every file system and unique in the dataset
 * @param retired deleted, but its number stays taken
 */
public record Label(int number, String path, List<String> segments, @Nullable String color, String folder, boolean retired) {

    public Label {
        segments = List.copyOf(segments);
    }
}
