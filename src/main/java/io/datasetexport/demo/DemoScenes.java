package io.datasetexport.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The demo dataset: a few dozen drawn scenes in nested folders, the same at every start. */
public final class DemoScenes {

    /** The dataset's id. */
    public static final String ID = "demo";

    /** The dataset's name, which archives are named after. */
    public static final String NAME = "demo-scenes";

    private DemoScenes() {}

    /** The ontology in the platform's JSON: labels with colours, definitions of attributes. */
    public static String ontology() {
        return new String(ItemJson.bytes(DemoLabels.ontology(NAME)), StandardCharsets.UTF_8);
    }

    /** The recipe in the platform's JSON: the template of the poses. */
    public static String recipe() {
        return new String(ItemJson.bytes(DemoLabels.recipe(NAME)), StandardCharsets.UTF_8);
    }

    /** All items; none is drawn before it is asked for its bytes. */
    public static List<DemoItem> items() {
        List<DemoItem> items = new ArrayList<>();
        DemoPictures.all().forEach(picture -> items.add(new DrawnPicture(picture)));
        items.add(new DrawnClip(items.size() + 1, "/harbour/film/boats in the morning.mp4"));
        return List.copyOf(items);
    }

    /** All items as newline-delimited JSON, UTF-8: what an import takes. Each item is drawn when the reader comes to it. */
    public static InputStream ndjson() {
        return new Lines(items().iterator());
    }

    private static final class Lines extends InputStream {

        private final Iterator<DemoItem> items;
        private byte @Nullable [] line;
        private int at;

        Lines(Iterator<DemoItem> items) {
            this.items = items;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            byte[] from = line;
            if (from == null || at > from.length) {
                if (!items.hasNext()) {
                    return -1;
                }
                from = items.next().json();
                line = from;
                at = 0;
            }
            if (at == from.length) {
                target[offset] = '\n';
                at++;
                return 1;
            }
            int count = Math.min(length, from.length - at);
            System.arraycopy(from, at, target, offset, count);
            at += count;
            return count;
        }
    }
}
