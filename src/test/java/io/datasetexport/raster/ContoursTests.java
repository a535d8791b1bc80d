package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContoursTests {

    @Test
    void walksAroundEachPieceOnce() {
        assertThat(outlines("......", ".####.", ".####.", "......")).containsExactly("1,1 1,2 4,2 4,1");
        assertThat(outlines("#.....", "......", ".###..", "......", "#....#")).containsExactly("0,0", "1,2 3,2", "0,4", "5,4");
    }

    @Test
    void cornersThatTouchMakeOnePiece() {
        assertThat(outlines("#.#", ".#.", "#.#")).containsExactly("0,0 1,1 0,2 1,1 2,2 1,1 2,0 1,1");
    }

    @Test
    void aPieceInsideAHoleIsAPieceOfItsOwn() {
        Contours contours = new Contours(mask("#####", "#...#", "#.#.#", "#...#", "#####"), 100);
        assertThat(read(contours)).containsExactly("0,0 0,4 4,4 4,0", "2,2");
        assertThat(contours.holes()).isEqualTo(1);
    }

    @Test
    void anEmptyMaskHasNone() {
        assertThat(outlines("...", "...")).isEmpty();
    }

    @Test
    void stopsAtTheLongestOutlineAskedFor() {
        Contours contours = new Contours(mask("#.#", ".#.", "#.#"), 3);
        assertThat(contours.next()).hasSize(6);
        assertThat(contours.tooLong()).isTrue();
    }

    /** Against flood fills: as many outlines as pieces, as many holes, and the outlines filled are the mask with its holes filled. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 17, 64, 65, 130})
    void fillingTheOutlinesGivesTheMaskAgain(int width) {
        RandomGenerator random = new Random(width);
        for (int round = 0; round < 300; round++) {
            int height = 1 + random.nextInt(40);
            BitMask mask = random(width, height, random);
            Contours contours = new Contours(mask, 100_000);
            BitMask filled = new BitMask(width, height);
            int count = 0;
            for (int[] outline = contours.next(); outline != null; outline = contours.next()) {
                BitMask piece = new BitMask(width, height);
                new PolygonRaster().fill(List.of(Arrays.stream(outline).asDoubleStream().toArray()), PolygonRaster.Rounding.TRUNCATE, piece);
                filled.add(piece);
                count++;
            }
            int[] holes = new int[1];
            BitMask wanted = withoutHoles(mask, holes);
            assertThat(text(filled)).isEqualTo(text(wanted));
            assertThat(count).isEqualTo(pieces(mask));
            assertThat(contours.holes()).isEqualTo(holes[0]);
        }
    }

    private static BitMask random(int width, int height, RandomGenerator random) {
        BitMask mask = new BitMask(width, height);
        double density = random.nextDouble();
        boolean blobs = random.nextBoolean();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (random.nextDouble() < (blobs ? density / 8 : density)) {
                    mask.fill(x, blobs ? Math.min(width - 1, x + random.nextInt(9)) : x, y);
                }
            }
        }
        return mask;
    }

    private static int pieces(BitMask mask) {
        boolean[][] seen = new boolean[mask.height()][mask.width()];
        int pieces = 0;
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (mask.get(x, y) && !seen[y][x]) {
                    pieces++;
                    flood(mask, x, y, true, seen);
                }
            }
        }
        return pieces;
    }

    private static BitMask withoutHoles(BitMask mask, int[] holes) {
        BitMask filled = new BitMask(mask.width(), mask.height());
        filled.add(mask);
        boolean[][] seen = new boolean[mask.height()][mask.width()];
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (!mask.get(x, y) && !seen[y][x]) {
                    List<int[]> area = flood(mask, x, y, false, seen);
                    boolean open = area.stream().anyMatch(
                            at -> at[0] == 0 || at[1] == 0 || at[0] == mask.width() - 1 || at[1] == mask.height() - 1);
                    if (!open) {
                        holes[0]++;
                        area.forEach(at -> filled.set(at[0], at[1]));
                    }
                }
            }
        }
        return filled;
    }

    private static List<int[]> flood(BitMask mask, int fromX, int fromY, boolean corners, boolean[][] seen) {
        boolean value = mask.get(fromX, fromY);
        List<int[]> area = new ArrayList<>();
        Deque<int[]> open = new ArrayDeque<>(List.of(new int[] {fromX, fromY}));
        seen[fromY][fromX] = true;
        while (!open.isEmpty()) {
            int[] at = open.pop();
            area.add(at);
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    int x = at[0] + dx;
                    int y = at[1] + dy;
                    boolean inside = x >= 0 && y >= 0 && x < mask.width() && y < mask.height();
                    if (inside && (corners || dx == 0 || dy == 0) && !seen[y][x] && mask.get(x, y) == value) {
                        seen[y][x] = true;
                        open.push(new int[] {x, y});
                    }
                }
            }
        }
        return area;
    }

    private static List<String> outlines(String... rows) {
        return read(new Contours(mask(rows), 100));
    }

    private static List<String> read(Contours contours) {
        List<String> outlines = new ArrayList<>();
        for (int[] outline = contours.next(); outline != null; outline = contours.next()) {
            List<String> points = new ArrayList<>();
            for (int i = 0; i < outline.length; i += 2) {
                points.add(outline[i] + "," + outline[i + 1]);
            }
            outlines.add(String.join(" ", points));
        }
        return outlines;
    }

    private static BitMask mask(String... rows) {
        BitMask mask = new BitMask(rows[0].length(), rows.length);
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length(); x++) {
                if (rows[y].charAt(x) == '#') {
                    mask.set(x, y);
                }
            }
        }
        return mask;
    }

    private static String text(BitMask mask) {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                text.append(mask.get(x, y) ? '#' : '.');
            }
            text.append('\n');
        }
        return text.toString();
    }
}
