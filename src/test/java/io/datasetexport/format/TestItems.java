package io.datasetexport.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.SafeNames;
import io.datasetexport.model.Storage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Items and annotations for tests, from the few facts that a test is about. */
public final class TestItems {

    /** Corners 1,2 and 3,5, all integers. */
    public static final String BOX = "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":5}]";

    private TestItems() {}

    /** A dataset whose labels have the numbers 0, 1, ... as they are given. */
    public static DatasetFacts dataset(String... paths) {
        List<Label> labels = new ArrayList<>();
        for (String path : paths) {
            labels.add(label(labels.size(), path, false));
        }
        return dataset(labels);
    }

    public static DatasetFacts dataset(List<Label> labels) {
        return new DatasetFacts(1, "d", "Set \"1\"", 1, null, null, labels);
    }

    /** A label whose tags hold no dots. */
    public static Label label(int number, String path, boolean retired) {
        return new Label(number, path, List.of(path.split("\\.")), null, SafeNames.segment(path), retired);
    }

    /** A JPEG of 20 x 10 pixels with the id {@code i}. */
    public static Item image(String filename) {
        return item(filename, 20, 10, "image/jpeg", "{}");
    }

    public static Item item(
            String filename, @Nullable Integer width, @Nullable Integer height, @Nullable String mimetype, String metadata) {
        String name = filename.substring(filename.lastIndexOf('/') + 1);
        return new Item(
                1, "i", filename, "/", name, "file", false, null, null, null, null, null, null, null,
                metadata.getBytes(UTF_8), null, width, height, mimetype, SafeNames.of(filename, name),
                new Storage.None());
    }

    public static Annotation box(String label, String coordinates) {
        return annotation("box", label, coordinates, null, "{}");
    }

    /** An annotation with the id {@code a}. */
    public static Annotation annotation(
            String type, @Nullable String label, @Nullable String coordinates, @Nullable String attributes, String metadata) {
        return new Annotation(
                0, "a".getBytes(UTF_8), type.getBytes(UTF_8), bytes(label), bytes(attributes), bytes(coordinates), metadata.getBytes(UTF_8),
                null, null, null, null, null, null, 0);
    }

    /** A semantic mask; {@code rows} have {@code #} inside the mask and anything else outside. */
    public static Annotation mask(String label, String... rows) {
        BufferedImage picture = new BufferedImage(rows[0].length(), rows.length, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length(); x++) {
                picture.setRGB(x, y, rows[y].charAt(x) == '#' ? 0x80123456 : 0x7f654321);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
        return annotation("binary", label, '"' + text + '"', null, "{}");
    }

    /** What a writer makes of one item. */
    public static RecordingOutput write(FormatWriter writer, Item item, Annotation... annotations) {
        return RecordingOutput.of(writer, List.of(ItemSlice.whole(item, Arrays.asList(annotations))));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
