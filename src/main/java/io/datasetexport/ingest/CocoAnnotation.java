package io.datasetexport.ingest;

import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.PngEncoder;
import io.datasetexport.raster.RunLengths;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Turns one COCO annotation into the platform's: each part of a polygon into a {@code segment}, several of one annotation under one
 * {@code objectId}; run lengths, as a list or as text, into a {@code binary}; a lone {@code bbox} into a {@code box}; key points into a
 * {@code pose} with a {@code point} each. Key points come beside the shape of the same annotation: a dataset can hold both.
 *
 * <p>Coordinates keep their spelling; a box's right and bottom are sums of doubles. Format: cocodataset.org, "Data format".
 */
final class CocoAnnotation {

    /** Attributes of a key point by its visibility 0, 1 and 2. */
    private static final String[] VISIBILITY = {"[]", "[\"not-visible\"]", "[\"visible\"]"};
    private static final byte[] OPAQUE_RED = {(byte) 0xff, 0, 0, (byte) 0xff};

    private final CocoCategories categories;
    private final Lost lost;
    private final List<byte[]> parts = new ArrayList<>();
    private final RowBuffer ring = new RowBuffer(1 << 12, ItemReader.RECORD_BYTES);
    private final List<String> bbox = new ArrayList<>();
    private final List<String> points = new ArrayList<>();
    private int @Nullable [] runs;
    private int width;
    private int height;
    private @Nullable Long category;
    private @Nullable String id;
    private boolean crowd;

    CocoAnnotation(CocoCategories categories, Lost lost) {
        this.categories = categories;
        this.lost = lost;
    }

    /** Reads the object that starts at the parser's current token, which is known to be one. */
    void read(JsonParser in) {
        parts.clear();
        bbox.clear();
        points.clear();
        runs = null;
        width = 0;
        height = 0;
        category = null;
        id = null;
        crowd = false;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            JsonToken value = in.nextToken();
            switch (member) {
                case "image_id", "area", "num_keypoints" -> {}
                case "id" -> id = value.isScalarValue() ? in.getString() : null;
                case "category_id" -> category = wholeNumber(in, value);
                case "iscrowd" -> crowd = value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_NUMBER_INT && in.getString().equals("1");
                case "bbox" -> numbers(in, value, bbox);
                case "keypoints" -> numbers(in, value, points);
                case "segmentation" -> segmentation(in, value);
                default -> lost.member("annotations", member);
            }
            in.skipChildren();
        }
    }

    /**
     * Writes the platform's annotations, as many as there are.
     *
     * @param pose the id that a pose gets: its points name it
     */
    List<byte[]> write(String pose) {
        Long number = category;
        CocoCategories.Category found = number == null ? null : categories.get(number);
        List<byte[]> written = new ArrayList<>();
        boolean visible = points.size() >= 3;
        boolean shape = !parts.isEmpty() || runs != null || bbox.size() == 4;
        if (found == null) {
            if (shape || visible) {
                throw new BadRecord("The annotation's category_id is none of the categories.");
            }
            lost.count("annotations without a shape");
            return written;
        }
        String label = categories.path(found);
        byte[] mask = runs == null ? null : png(runs, width, height);
        if (mask != null) {
            written.add(annotation("binary", label, mask, null));
        } else if (!parts.isEmpty()) {
            if (crowd) {
                lost.count("annotations.iscrowd of polygons");
            }
            for (byte[] part : parts) {
                written.add(annotation("segment", label, part, parts.size() > 1 ? id : null));
            }
        } else if (bbox.size() == 4) {
            if (runs != null) {
                lost.count("annotations.segmentation that is no mask");
            }
            if (crowd) {
                lost.count("annotations.iscrowd of boxes");
            }
            written.add(annotation("box", label, box(), null));
        } else if (!visible) {
            lost.count(runs == null ? "annotations without a shape" : "annotations.segmentation that is no mask");
        }
        if (visible) {
            pose(found, label, pose, written);
        }
        return written;
    }

    private void pose(CocoCategories.Category found, String label, String pose, List<byte[]> written) {
        RowBuffer json = new RowBuffer(256, ItemReader.RECORD_BYTES);
        json.ascii("{\"id\":");
        json.jsonString(pose);
        json.ascii(",\"type\":\"pose\",\"label\":");
        json.jsonString(label);
        json.ascii(",\"coordinates\":{\"templateId\":");
        json.jsonString(templateId(found));
        json.ascii(",\"instanceId\":");
        json.jsonString(pose);
        json.ascii("}}");
        written.add(json.toByteArray());
        for (int i = 0; i + 2 < points.size(); i += 3) {
            int visibility = "2".equals(points.get(i + 2)) ? 2 : "1".equals(points.get(i + 2)) ? 1 : 0;
            String name = i / 3 < found.points().size() ? found.points().get(i / 3) : Integer.toString(i / 3 + 1);
            json.clear();
            json.ascii("{\"type\":\"point\",\"label\":");
            json.jsonString(name);
            json.ascii(",\"attributes\":" + VISIBILITY[visibility] + ",\"coordinates\":{\"x\":" + points.get(i) + ",\"y\":" + points.get(i + 1)
                    + ",\"z\":0},\"metadata\":{\"system\":{\"parentId\":");
            json.jsonString(pose);
            json.ascii("}}}");
            written.add(json.toByteArray());
        }
        if (points.size() % 3 != 0) {
            lost.count("annotations.keypoints beyond the last whole one");
        }
    }

    /** What a recipe's collection template for a category's key points is called. */
    static String templateId(CocoCategories.Category category) {
        return "coco-" + category.id();
    }

    private static byte[] annotation(String type, String label, byte[] coordinates, @Nullable String objectId) {
        RowBuffer json = new RowBuffer(coordinates.length + 256, 2 * ItemReader.RECORD_BYTES);
        json.ascii("{\"type\":\"" + type + "\",\"label\":");
        json.jsonString(label);
        json.ascii(",\"coordinates\":");
        json.raw(coordinates, 0, coordinates.length);
        if (objectId != null) {
            json.ascii(",\"metadata\":{\"system\":{\"objectId\":");
            json.jsonString(objectId);
            json.ascii("}}");
        }
        json.ascii('}');
        return json.toByteArray();
    }

    private byte[] box() {
        RowBuffer json = new RowBuffer(128, ItemReader.RECORD_BYTES);
        json.ascii("[{\"x\":" + bbox.get(0) + ",\"y\":" + bbox.get(1) + ",\"z\":0},{\"x\":" + sum(bbox.get(0), bbox.get(2)) + ",\"y\":"
                + sum(bbox.get(1), bbox.get(3)) + ",\"z\":0}]");
        return json.toByteArray();
    }

    /** The exact sum where it is short, so that whole numbers stay whole; else the sum of doubles. */
    private static String sum(String one, String other) {
        if (one.length() <= 20 && other.length() <= 20 && !exponent(one) && !exponent(other)) {
            return new BigDecimal(one).add(new BigDecimal(other)).toPlainString();
        }
        double sum = Double.parseDouble(one) + Double.parseDouble(other);
        return Double.isFinite(sum) ? Double.toString(sum) : "1e999";
    }

    private static boolean exponent(String number) {
        return number.indexOf('e') >= 0 || number.indexOf('E') >= 0;
    }

    private static @Nullable Long wholeNumber(JsonParser in, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT && in.getStringLength() <= 18) {
            return Long.valueOf(in.getString());
        }
        if (value != JsonToken.VALUE_NULL) {
            throw new BadRecord("The category_id is not a whole number.");
        }
        return null;
    }

    private void segmentation(JsonParser in, JsonToken value) {
        switch (value) {
            case START_ARRAY -> polygons(in);
            case START_OBJECT -> runLengths(in);
            case VALUE_NULL -> {}
            default -> throw new BadRecord("The segmentation is neither a list of polygons nor run lengths.");
        }
    }

    /** Parts, each a list of numbers; or, as some programs write it, the numbers of the only part. */
    private void polygons(JsonParser in) {
        ring.clear();
        int numbers = 0;
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            if (token == JsonToken.START_ARRAY && numbers == 0) {
                ring.clear();
                int count = 0;
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    coordinate(in, count++);
                }
                part(count);
                ring.clear();
            } else {
                coordinate(in, numbers++);
            }
        }
        part(numbers);
    }

    private void coordinate(JsonParser in, int index) {
        number(in);
        ring.ascii(index == 0 ? "[[{\"x\":" : index % 2 == 0 ? ",{\"x\":" : ",\"y\":");
        ring.ascii(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        if (index % 2 == 1) {
            ring.ascii('}');
        }
    }

    private void part(int numbers) {
        if (numbers % 2 != 0) {
            throw new BadRecord("A part of the segmentation has an odd number of coordinates.");
        }
        if (numbers > 0) {
            ring.ascii("]]");
            parts.add(ring.toByteArray());
        }
    }

    private void runLengths(JsonParser in) {
        List<String> size = new ArrayList<>();
        int[] counted = {};
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            JsonToken value = in.nextToken();
            switch (member) {
                case "size" -> numbers(in, value, size);
                case "counts" -> counted = counts(in, value);
                default -> in.skipChildren();
            }
        }
        runs = counted;
        height = size.size() == 2 ? side(size.get(0)) : 0;
        width = size.size() == 2 ? side(size.get(1)) : 0;
    }

    /** Run lengths as a list or as text; empty where they are neither. */
    private static int[] counts(JsonParser in, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            int[] parsed = RunLengths.parse(in.getString());
            return parsed == null ? new int[0] : parsed;
        }
        if (value != JsonToken.START_ARRAY) {
            in.skipChildren();
            return new int[0];
        }
        int[] runs = new int[256];
        int count = 0;
        boolean valid = true;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (count == ItemReader.RECORD_BYTES) {
                throw new BadRecord("The segmentation has too many runs.");
            }
            if (count == runs.length) {
                runs = Arrays.copyOf(runs, count * 2);
            }
            boolean whole = in.currentToken() == JsonToken.VALUE_NUMBER_INT && in.getStringLength() <= 9;
            valid &= whole;
            runs[count++] = whole ? Integer.parseInt(in.getString()) : 0;
            in.skipChildren();
        }
        return valid ? Arrays.copyOf(runs, count) : new int[0];
    }

    private static int side(String number) {
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
    }

    /** The mask as a data URI in JSON; null where the runs are not as many as its pixels. */
    private static byte @Nullable [] png(int[] runs, int width, int height) {
        BitMask mask = runs.length == 0 ? null : RunLengths.mask(runs, width, height);
        if (mask == null) {
            return null;
        }
        byte[] png;
        try (PngEncoder encoder = new PngEncoder()) {
            png = encoder.rgba(width, height, (y, row, from) -> {
                Arrays.fill(row, from, from + 4 * width, (byte) 0);
                for (int x = mask.nextSet(0, y); x < width; x = mask.nextSet(x + 1, y)) {
                    System.arraycopy(OPAQUE_RED, 0, row, from + 4 * x, 4);
                }
            });
        }
        RowBuffer json = new RowBuffer(png.length * 4 / 3 + 64, 2 * ItemReader.RECORD_BYTES);
        json.ascii("\"data:image/png;base64,");
        json.ascii(Base64.getEncoder().encodeToString(png));
        json.ascii('"');
        return json.toByteArray();
    }

    private static void numbers(JsonParser in, JsonToken value, List<String> numbers) {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            throw new BadRecord("The value is not a list of numbers.");
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
            number(in);
            numbers.add(in.getString());
            if (numbers.size() > 100_000) {
                throw new BadRecord("The list has too many numbers.");
            }
        }
    }

    private static void number(JsonParser in) {
        JsonToken token = in.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw new BadRecord("The coordinate is not a number.");
        }
    }

    /** 24 hexadecimal digits. */
    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, 12);
    }
}
