package io.datasetexport.format.masks;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.EntryNames;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.Storage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Items, annotations and pictures for tests; PNGs are written and read by ImageIO. */
final class Drawn {

    private Drawn() {}

    static Item item(String filename, @Nullable Integer width, @Nullable Integer height, String mimetype) {
        String path = filename.substring(1);
        return new Item(
                1, "id" + filename, filename, "/", path, "file", false, null, null, null, null, null, null, null,
                utf8("{}"), null, width, height, mimetype, new EntryNames(path, path, path),
                new Storage.None());
    }

    static Item image(String filename, int width, int height) {
        return item(filename, width, height, "image/png");
    }

    static Annotation annotation(int ordinal, String type, @Nullable String label, @Nullable String coordinates) {
        return new Annotation(
                ordinal, utf8("a" + ordinal), utf8(type), label == null ? null : utf8(label), null,
                coordinates == null ? null : utf8(coordinates), utf8("{}"), null, null, null, null, null, null,
                coordinates == null ? 2 : coordinates.length() + 2);
    }

    /** A semantic mask; {@code rows} have {@code #} inside the mask and anything else outside. */
    static Annotation mask(int ordinal, String label, String... rows) {
        return annotation(ordinal, "binary", label, '"' + dataUri(rows) + '"');
    }

    static String dataUri(String... rows) {
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
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }

    static Label label(int number, String path, @Nullable String color) {
        return new Label(number, path, List.of(path), color, "folder of " + path, false);
    }

    static List<Label> labels(int count) {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(label(i, "label" + i, String.format("#%06x", 0x010203 + i * 0x0307)));
        }
        return labels;
    }

    static BufferedImage read(byte[] png) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of pixels, each as {@code AARRGGBB}. */
    static int[][] pixels(byte[] png) {
        BufferedImage picture = read(png);
        int[][] rows = new int[picture.getHeight()][];
        for (int y = 0; y < rows.length; y++) {
            rows[y] = picture.getRGB(0, y, picture.getWidth(), 1, null, 0, picture.getWidth());
        }
        return rows;
    }

    /** Rows of characters: {@code names.charAt(n)} where the index of a pixel is n. */
    static String indexes(byte[] png, String names) {
        BufferedImage picture = read(png);
        StringBuilder rows = new StringBuilder();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                rows.append(names.charAt(picture.getRaster().getSample(x, y, 0)));
            }
            rows.append('\n');
        }
        return rows.toString();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
