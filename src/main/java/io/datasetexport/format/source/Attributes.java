package io.datasetexport.format.source;

import io.datasetexport.model.Annotation;
import org.jspecify.annotations.Nullable;

/** The attributes of an annotation: the older list of strings, or the newer map by attribute id in {@code metadata.system.attributes}. */
public final class Attributes {

    private static final byte[] NAME = PlatformJson.quoted("attributes");

    private Attributes() {}

    /** Whether the annotation has any. */
    public static boolean present(Annotation annotation) {
        return PlatformJson.holdsSomething(annotation.attributes()) || map(annotation) != null;
    }

    /** Whether it has both a list and a map, of which a format with room for one loses the map. */
    public static boolean twice(Annotation annotation) {
        return PlatformJson.holdsSomething(annotation.attributes()) && map(annotation) != null;
    }

    /** The list if it holds something, else the map if it does, as raw JSON; else null. */
    public static byte @Nullable [] json(Annotation annotation) {
        return PlatformJson.holdsSomething(annotation.attributes()) ? annotation.attributes() : map(annotation);
    }

    private static byte @Nullable [] map(Annotation annotation) {
        if (!PlatformJson.mayHold(annotation.metadata(), NAME)) {
            return null;
        }
        byte[] map = PlatformJson.member(annotation.metadata(), "system", "attributes");
        return PlatformJson.holdsSomething(map) ? map : null;
    }
}
