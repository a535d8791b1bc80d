package io.datasetexport.format.masks;

import static io.datasetexport.format.masks.Drawn.annotation;
import static io.datasetexport.format.masks.Drawn.image;
import static io.datasetexport.format.masks.Drawn.indexes;
import static io.datasetexport.format.masks.Drawn.item;
import static io.datasetexport.format.masks.Drawn.label;
import static io.datasetexport.format.masks.Drawn.labels;
import static io.datasetexport.format.masks.Drawn.mask;
import static io.datasetexport.format.masks.Drawn.pixels;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.ItemSlice;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.raster.RasterBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MasksWriterTests {

    private static final List<Label> PETS = List.of(label(0, "dog", "#00ff00"), label(1, "cat", "#0000ff"));

    private final RasterBudget budget = new RasterBudget(16 << 20);
    private final Recorded out = new Recorded();

    @Test
    void drawsEveryLabelAndAllTogether() {
        write(PETS, false, image("/a/b.jpg", 5, 3),
                mask(0, "dog", "##...", "##...", "....."),
                mask(1, "cat", "###..", ".....", "....."),
                mask(2, "dog", ".....", ".....", "....#"));
        assertThat(out.pictures).containsOnlyKeys(
                "masks/combined/a/b.jpg.png",
                "masks/labels/folder of cat/a/b.jpg.png",
                "masks/labels/folder of dog/a/b.jpg.png");
        assertThat(indexes(out.pictures.get("masks/labels/folder of cat/a/b.jpg.png"), ".dc"))
                .isEqualTo("ccc..\n.....\n.....\n");
        assertThat(indexes(out.pictures.get("masks/labels/folder of dog/a/b.jpg.png"), ".dc"))
                .as("both masks of the label, covered by another or not")
                .isEqualTo("dd...\ndd...\n....d\n");
        assertThat(indexes(out.pictures.get("masks/combined/a/b.jpg.png"), ".dc"))
                .as("the later label over the earlier one")
                .isEqualTo("ddc..\ndd...\n....d\n");
        assertThat(out.items).isEqualTo(1);
        assertThat(out.annotations).isEqualTo(3);
        assertThat(out.leftOut).isEmpty();
    }

    @Test
    void saysThatAttributesAndLineBreaksOfLabelsAreLost() {
        Annotation plain = mask(0, "cat", "#.");
        Annotation withAttributes = new Annotation(
                1, plain.id(), plain.type(), Drawn.utf8("a\nb"), Drawn.utf8("[\"all\"]"), plain.coordinates(), plain.metadata(), null, null, null, null,
                null, null, plain.bytes());
        write(List.of(label(0, "cat", null), label(1, "a\nb", null)), false, image("/a", 2, 1), plain, withAttributes,
                Drawn.annotation(2, "box", "a\nb", "[]"));
        assertThat(out.changed).containsExactly("/a attributes 1", "/a illegal-characters 1");
    }

    @Test
    void pixelsHaveTheLabelsColourAndNoneOutside() {
        write(PETS, false, image("/a", 2, 1), mask(0, "cat", "#."));
        assertThat(pixels(out.pictures.get("masks/combined/a.png"))).isDeepEqualTo(new int[][] {{0xff0000ff, 0}});
    }

    @Test
    void anItemWithoutMasksHasNoPicture() {
        write(PETS, false, image("/a", 2, 1), annotation(0, "box", "cat", "[{\"x\":0,\"y\":0},{\"x\":1,\"y\":1}]"));
        assertThat(out.pictures).isEmpty();
        assertThat(out.items).isZero();
        assertThat(out.leftOut).containsExactly("/a a0 unsupported-shape");
    }

    @Test
    void aMaskOfNoPixelsHasAPicture() {
        write(PETS, false, image("/a", 2, 1), mask(0, "cat", ".."));
        assertThat(indexes(out.pictures.get("masks/combined/a.png"), ".dc")).isEqualTo("..\n");
        assertThat(out.pictures).hasSize(2);
        assertThat(out.items).isEqualTo(1);
    }

    @Test
    void whatCannotBeDrawnIsNamedInTheSourcesOrder() {
        String bomb = header(60_000, 60_000);
        write(PETS, false, image("/a", 2, 1),
                annotation(0, "binary", "cat", '"' + bomb + '"'),
                annotation(1, "binary", "cow", '"' + Drawn.dataUri("#.") + '"'),
                annotation(2, "binary", null, '"' + Drawn.dataUri("#.") + '"'),
                mask(3, "dog", "#.."),
                annotation(4, "binary", "cat", "\"data:image/png;base64,AAAA\""),
                annotation(5, "binary", "cat", "\"" + header(2, 1) + "\""),
                annotation(6, "binary", "cat", null),
                annotation(7, "segment", "cat", "[[{\"x\":0,\"y\":0}]]"),
                annotation(8, "binary", "cat", '"' + header(4096, 4096) + '"'),
                mask(9, "dog", "#."));
        assertThat(out.leftOut).containsExactly(
                "/a a0 mask-too-large",
                "/a a1 unknown-label",
                "/a a2 unknown-label",
                "/a a3 mask-size",
                "/a a4 mask-undecodable",
                "/a a5 mask-undecodable",
                "/a a6 empty-geometry",
                "/a a7 unsupported-shape",
                "/a a8 mask-size");
        assertThat(out.pictures).containsOnlyKeys("masks/combined/a.png", "masks/labels/folder of dog/a.png");
        assertThat(out.annotations).isEqualTo(1);
    }

    @Test
    void itemsThatAreNoImagesOrHaveNoSizeAreLeftOutWhole() {
        Annotation mask = mask(0, "cat", "#");
        write(PETS, false, item("/a.mp4", 1, 1, "video/mp4"), mask);
        write(PETS, false, item("/a.txt", null, null, "text/plain"));
        write(PETS, false, item("/a.jpg", null, 1, "image/jpeg"), mask);
        MasksWriter writer = new MasksWriter(PETS, false, budget);
        Item sliced = item("/b.mp4", 1, 1, "video/mp4");
        writer.item(ItemSlice.part(sliced, List.of(mask), true, false, null), out);
        writer.item(ItemSlice.part(sliced, List.of(mask), false, true, null), out);
        assertThat(out.leftOut).containsExactly(
                "/a.mp4 whole not-image", "/a.txt whole not-image", "/a.jpg whole no-size", "/b.mp4 whole not-image");
        assertThat(out.pictures).isEmpty();
    }

    @Test
    void anItemThatIsTooLargeLosesItsMasks() {
        write(PETS, true, image("/wide", 16_385, 1), mask(0, "cat", "#"), polygon(1, "cat", 0, 0, 3, 0, 3, 3));
        write(PETS, false, image("/many", 16_384, 4097), mask(0, "cat", "#"));
        assertThat(out.leftOut).containsExactly("/wide a0 mask-too-large", "/wide a1 mask-too-large", "/many a0 mask-too-large");
    }

    @Test
    void anItemThatNeedsMoreThanTheWholeBudgetLosesItsMasks() {
        MasksWriter writer = new MasksWriter(PETS, true, new RasterBudget(400 << 10));
        writer.item(ItemSlice.whole(image("/small", 100, 100), List.of(polygon(0, "cat", 0, 0, 3, 0, 3, 3))), out);
        writer.item(ItemSlice.whole(image("/big", 1000, 1000), List.of(polygon(0, "cat", 0, 0, 3, 0, 3, 3))), out);
        assertThat(out.leftOut).containsExactly("/big a0 mask-too-large");
        assertThat(out.items).isEqualTo(1);
    }

    @Test
    void polygonsAreDrawnOnRequestOverAllMasks() {
        write(PETS, true, image("/a", 6, 5),
                polygon(0, "cat", 0.5, 0.5, 3.5, 0.5, 3.5, 3.5, 0.5, 3.5),
                mask(1, "dog", "##....", "######", "......", "......", "......"));
        assertThat(indexes(out.pictures.get("masks/combined/a.png"), ".dc"))
                .as("halves round to even: from 0 to 4")
                .isEqualTo("ccccc.\ncccccd\nccccc.\nccccc.\nccccc.\n");
        assertThat(indexes(out.pictures.get("masks/labels/folder of dog/a.png"), ".dc"))
                .isEqualTo("dd....\ndddddd\n......\n......\n......\n");
    }

    @Test
    void laterPolygonsLieOverEarlierOnesAndHolesStayOpen() {
        write(PETS, true, image("/a", 7, 7),
                polygon(0, "dog", 0, 0, 6, 0, 6, 6, 0, 6),
                annotation(1, "segment", "cat", "[[{\"x\":1,\"y\":1},{\"x\":5,\"y\":1},{\"x\":5,\"y\":5},{\"x\":1,\"y\":5}],"
                        + "[{\"x\":2,\"y\":2},{\"x\":4,\"y\":2},{\"x\":4,\"y\":4},{\"x\":2,\"y\":4}]]"),
                mask(2, "cat", "#......", ".......", ".......", ".......", ".......", ".......", "......."));
        assertThat(indexes(out.pictures.get("masks/labels/folder of cat/a.png"), ".dc"))
                .isEqualTo("c......\n.ccccc.\n.ccccc.\n.cc.cc.\n.ccccc.\n.ccccc.\n.......\n");
        assertThat(indexes(out.pictures.get("masks/combined/a.png"), ".dc"))
                .isEqualTo("ddddddd\nddddddd\nddddddd\nddddddd\nddddddd\nddddddd\nddddddd\n");
    }

    @Test
    void brokenPolygonsAreLeftOut() {
        write(PETS, true, image("/a", 2, 2),
                annotation(0, "segment", "cat", "[]"),
                annotation(1, "segment", "cat", "[[{\"x\":1e999,\"y\":1}]]"),
                polygon(2, "cat", 1e308, -1e308, 5, 5, 1, 0),
                polygon(3, "dog"));
        assertThat(out.leftOut).containsExactly("/a a0 empty-geometry", "/a a1 non-finite", "/a a3 empty-geometry");
        assertThat(out.pictures).containsOnlyKeys("masks/combined/a.png", "masks/labels/folder of cat/a.png");
    }

    @Test
    void with255LabelsTheLastIndexIs255() {
        write(labels(255), false, image("/a", 2, 1), mask(0, "label254", "#."));
        byte[] png = out.pictures.get("masks/combined/a.png");
        assertThat(Drawn.read(png).getRaster().getSample(0, 0, 0)).isEqualTo(255);
        assertThat(pixels(png)[0][0]).isEqualTo(0xff000000 | LabelColors.color(labels(255).get(254)));
    }

    @Test
    void withMoreLabelsPixelsAreRgba() {
        write(labels(300), false, image("/a", 3, 1), mask(0, "label1", "##."), mask(1, "label299", ".#."));
        byte[] png = out.pictures.get("masks/combined/a.png");
        assertThat(Drawn.read(png).getColorModel().getNumComponents()).isEqualTo(4);
        assertThat(pixels(png))
                .isDeepEqualTo(new int[][] {{0xff000000 | LabelColors.color(labels(300).get(1)), 0xff000000 | LabelColors.color(labels(300).get(299)), 0}});
    }

    @Test
    void slicesGiveTheSamePicturesAsTheWholeItem() {
        SplittableRandom random = new SplittableRandom(21);
        Item item = image("/a", 70, 40);
        List<Label> labels = labels(9);
        for (int run = 0; run < 30; run++) {
            List<Annotation> annotations = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                annotations.add(random.nextInt(3) == 0
                        ? polygon(i, "label" + random.nextInt(10), random.doubles(6, -10, 80).toArray())
                        : mask(i, "label" + random.nextInt(10), rows(random, 70, 40)));
            }
            Recorded whole = new Recorded();
            new MasksWriter(labels, true, budget).item(ItemSlice.whole(item, annotations), whole);

            annotations.sort(Comparator.comparing(Annotation::labelText));
            Recorded cut = new Recorded();
            MasksWriter writer = new MasksWriter(labels, true, budget);
            Object carry = null;
            for (int from = 0; from <= annotations.size();) {
                int to = Math.min(annotations.size(), from + random.nextInt(6));
                boolean last = to == annotations.size() && (from == to || random.nextBoolean());
                ItemSlice slice = ItemSlice.part(item, annotations.subList(from, to), from == 0 && carry == null, last, carry);
                writer.item(slice, cut);
                carry = slice.carry();
                assertThat(budget.available()).as("held between slices").isEqualTo(budget.capacity());
                from = last ? annotations.size() + 1 : to;
            }
            assertThat(cut.pictures).containsOnlyKeys(whole.pictures.keySet());
            whole.pictures.forEach((path, png) -> assertThat(cut.pictures.get(path)).as(path).isEqualTo(png));
            assertThat(cut.items).isEqualTo(whole.items);
            assertThat(cut.annotations).isEqualTo(whole.annotations);
            assertThat(cut.leftOut).containsExactlyInAnyOrderElementsOf(whole.leftOut);
        }
    }

    @Test
    void manyThreadsShareASmallBudgetAndGiveTheSameBytes() throws Exception {
        List<Label> labels = labels(9);
        RasterBudget small = new RasterBudget(1400 << 10);
        MasksWriter writer = new MasksWriter(labels, true, small);
        SplittableRandom random = new SplittableRandom(22);
        List<ItemSlice> items = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            items.add(ItemSlice.whole(image("/" + i, 300, 200), List.of(
                    mask(0, "label" + i % 9, rows(random, 300, 200)),
                    polygon(1, "label" + i % 4, random.doubles(8, 0, 300).toArray()))));
        }
        List<Map<String, byte[]>> alone = new ArrayList<>();
        for (ItemSlice item : items) {
            Recorded recorded = new Recorded();
            writer.item(item, recorded);
            assertThat(recorded.annotations).isEqualTo(2);
            alone.add(recorded.pictures);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Recorded>> together = new ArrayList<>();
            for (ItemSlice item : items) {
                together.add(threads.submit(() -> {
                    Recorded recorded = new Recorded();
                    writer.item(item, recorded);
                    return recorded;
                }));
            }
            for (int i = 0; i < items.size(); i++) {
                Map<String, byte[]> pictures = together.get(i).get().pictures;
                alone.get(i).forEach((path, png) -> assertThat(pictures.get(path)).as(path).isEqualTo(png));
            }
        }
        assertThat(small.available()).isEqualTo(small.capacity());
    }

    @Test
    void theLabelMapIsThereWithoutItems() {
        new MasksWriter(PETS, false, budget).end(out);
        assertThat(out.texts).containsOnly(Map.entry("masks/labelmap.txt", "1\t0,255,0\tdog\n2\t0,0,255\tcat\n"));
    }

    private void write(List<Label> labels, boolean polygons, Item item, Annotation... annotations) {
        new MasksWriter(labels, polygons, budget).item(ItemSlice.whole(item, List.of(annotations)), out);
        assertThat(budget.available()).isEqualTo(budget.capacity());
    }

    private static Annotation polygon(int ordinal, String label, double... ring) {
        StringBuilder points = new StringBuilder("[[");
        for (int i = 0; i < ring.length; i += 2) {
            points.append(i == 0 ? "" : ",").append("{\"x\":").append(ring[i]).append(",\"y\":").append(ring[i + 1]).append('}');
        }
        return annotation(ordinal, "segment", label, points.append("]]").toString());
    }

    private static String[] rows(SplittableRandom random, int width, int height) {
        String[] rows = new String[height];
        for (int y = 0; y < height; y++) {
            int left = random.nextInt(width);
            int right = left + random.nextInt(width - left);
            rows[y] = ".".repeat(left) + "#".repeat(right - left) + ".".repeat(width - right);
        }
        return rows;
    }

    /** The first 33 bytes of a PNG and nothing more. */
    private static String header(int width, int height) {
        byte[] png = Base64.getDecoder().decode(Drawn.dataUri("#").substring("data:image/png;base64,".length()));
        byte[] header = Arrays.copyOf(png, 65);
        Arrays.fill(header, 33, 65, (byte) 0);
        for (int i = 0; i < 4; i++) {
            header[16 + i] = (byte) (width >>> 24 - 8 * i);
            header[20 + i] = (byte) (height >>> 24 - 8 * i);
        }
        return Base64.getEncoder().encodeToString(header);
    }
}
