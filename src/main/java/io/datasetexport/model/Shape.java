package io.datasetexport.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The shapes that some format draws; every other type of annotation is {@link #OTHER}. */
public enum Shape {
    BOX("box"),
    POLYGON("segment"),
    MASK("binary"),
    POINT("point"),
    POLYLINE("polyline"),
    ELLIPSE("ellipse"),
    POSE("pose"),
    CUBE("cube"),
    CLASSIFICATION("class"),
    NOTE("note"),
    OTHER("");

    private static final Shape[] ALL = values();

    private final byte[] type;

    Shape(String type) {
        this.type = type.getBytes(StandardCharsets.US_ASCII);
    }

    /** The platform's name of the type; empty for {@link #OTHER}. */
    public String type() {
        return new String(type, StandardCharsets.US_ASCII);
    }

    /** The shape that the platform calls {@code type}, UTF-8. */
    public static Shape of(byte[] type) {
        for (Shape shape : ALL) {
            if (Arrays.equals(shape.type, type)) {
                return shape;
            }
        }
        return OTHER;
    }
}
