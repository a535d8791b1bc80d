package io.datasetexport.format.masks;

import io.datasetexport.model.Label;
import io.datasetexport.text.Utf8Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which colour and which palette index each label of a dataset has in masks.
 *
 * <p>The index is the label's COCO category id: its number + 1; 0 is the background. Colours are {@code #rrggbb} or
 * {@code rgb(r, g, b)}; one in another scheme is red, a missing one white, as the platform's SDK draws them.
 */
final class LabelColors {

    static final int WHITE = 0xffffff;
    static final int RED = 0xff0000;

    private static final int HIGHEST_INDEX = 255;
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");
    private static final Pattern HEX = Pattern.compile("#(\\p{XDigit}{6})");
    private static final Pattern RGB = Pattern.compile("rgb\\(\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*\\)");

    private final List<Label> labels;
    private final Map<String, Label> byPath;
    private final byte @Nullable [] palette;

    LabelColors(List<Label> labels) {
        this.labels = List.copyOf(labels);
        byPath = HashMap.newHashMap(labels.size());
        int highest = 0;
        for (Label label : labels) {
            byPath.put(label.path(), label);
            highest = Math.max(highest, index(label));
        }
        palette = highest <= HIGHEST_INDEX ? palette(highest) : null;
    }

    @Nullable
    Label label(String path) {
        return byPath.get(path);
    }

    /** How many labels there are. */
    int count() {
        return labels.size();
    }

    /** Red, green and blue of every index from 0; null when a byte can't hold the highest index. */
    byte @Nullable [] palette() {
        return palette;
    }

    static int index(Label label) {
        return label.number() + 1;
    }

    /** The label's colour, {@code 0xrrggbb}. */
    static int color(Label label) {
        String color = label.color();
        if (color == null) {
            return WHITE;
        }
        Matcher hex = HEX.matcher(color.strip());
        if (hex.matches()) {
            return Integer.parseInt(hex.group(1), 16);
        }
        Matcher rgb = RGB.matcher(color.strip());
        if (!rgb.matches()) {
            return RED;
        }
        int value = 0;
        for (int i = 1; i <= 3; i++) {
            int sample = Integer.parseInt(rgb.group(i));
            if (sample > 255) {
                return RED;
            }
            value = value << 8 | sample;
        }
        return value;
    }

    /** Appends a line for each label: index, tab, {@code r,g,b}, tab, label; a control character in a label becomes a space. */
    void appendLabelMap(Utf8Buffer out) {
        for (Label label : labels) {
            int color = color(label);
            out.append(index(label)).append('\t');
            out.append(color >> 16).append(',').append(color >> 8 & 0xff).append(',').append(color & 0xff).append('\t');
            out.append(BREAKS.matcher(label.path()).replaceAll(" ")).append('\n');
        }
    }

    /** Whether a label stands in {@code labelmap.txt} as it is. */
    static boolean isOneLine(String label) {
        return !BREAKS.matcher(label).find();
    }

    private byte[] palette(int highest) {
        byte[] samples = new byte[(highest + 1) * 3];
        for (Label label : labels) {
            int at = index(label) * 3;
            int color = color(label);
            samples[at] = (byte) (color >> 16);
            samples[at + 1] = (byte) (color >> 8);
            samples[at + 2] = (byte) color;
        }
        return samples;
    }
}
