package io.datasetexport.format;

import java.util.Locale;
import java.util.Optional;

/** What an export can include, in the order in which an archive holds it. The name in requests is the constant's in lower case. */
public enum ExportFormat {
    JSON,
    MASKS,
    ITEMS,
    COCO,
    YOLO,
    VOC;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ExportFormat> named(String id) {
        for (ExportFormat format : values()) {
            if (format.id().equals(id)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
