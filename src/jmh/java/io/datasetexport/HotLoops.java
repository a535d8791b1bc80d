package io.datasetexport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.archive.DeflateCodec;
import io.datasetexport.archive.EncodedEntry;
import io.datasetexport.format.dataloop.DataloopWriter;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.model.Annotation;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.PngEncoder;
import io.datasetexport.raster.PolygonRaster;
import io.datasetexport.raster.PolygonRaster.Rounding;
import io.datasetexport.raster.RunLengths;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an export spends its processor time in, for one annotation or mask: a polygon of 45 vertices, 200 pixels wide, in an image of
 * 1920 x 1080. The lines that end in {@code ByTheJdk} are what one writes without thinking, to compare with.
 *
 * <p>{@code mvn -Pjmh test-compile exec:exec}; a part of them: {@code -Djmh=HotLoops.polygon}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Thread)
public class HotLoops {

    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int VERTICES = 45;

    private final Utf8Buffer text = new Utf8Buffer(1 << 16);
    private final PolygonRaster raster = new PolygonRaster();
    private final PngEncoder png = new PngEncoder();
    private final DeflateCodec codec = new DeflateCodec();
    private final DataloopWriter json = new DataloopWriter("dataset", null);
    private final Deflater deflater = new Deflater(6, true);
    private final byte[] deflated = new byte[1 << 16];
    private final double[] ring = new double[2 * VERTICES];
    private final double[] differences = new double[2 * VERTICES];
    private final byte[] palette = new byte[3 * 21];
    private Annotation annotation;
    private BitMask mask;
    private byte[] document;

    /** Makes the same shape each time. */
    @Setup
    public void shape() {
        Random random = new Random(1);
        StringBuilder coordinates = new StringBuilder();
        for (int i = 0; i < VERTICES; i++) {
            double angle = 2 * Math.PI * (i + 0.6 * random.nextDouble()) / VERTICES;
            String x = String.format(Locale.ROOT, "%.4f", 900 + 100 * (1 + 0.2 * Math.sin(3 * angle)) * Math.cos(angle));
            String y = String.format(Locale.ROOT, "%.4f", 500 + 60 * (1 + 0.2 * Math.sin(3 * angle)) * Math.sin(angle));
            ring[2 * i] = Double.parseDouble(x);
            ring[2 * i + 1] = Double.parseDouble(y);
            coordinates.append(i == 0 ? "[[" : ",").append("{\"x\":").append(x).append(",\"y\":").append(y).append('}');
        }
        for (int i = 0; i < differences.length; i++) {
            differences[i] = ring[i] - ring[0] + 0.1;
        }
        annotation = new Annotation(
                0, bytes("0123456789abcdef01234567"), bytes("segment"), bytes("label7"), bytes("[]"), bytes(coordinates.append("]]").toString()),
                bytes("{\"system\":{\"automated\":false,\"objectId\":null},\"user\":{}}"), bytes("a@example.com"), bytes("2022-05-01T10:00:00.000Z"),
                bytes("a@example.com"), bytes("2022-05-01T10:00:00.000Z"), bytes("ui"), null, coordinates.length());
        mask = new BitMask(WIDTH, HEIGHT);
        raster.fill(List.of(ring), Rounding.HALF_EVEN, mask);
        for (int i = 0; i < 10; i++) {
            annotationAsJson();
        }
        document = text.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Benchmark
    public int numbersOfFewPlaces() {
        return python(ring);
    }

    @Benchmark
    public int numbersOfSixteenDigits() {
        return python(differences);
    }

    @Benchmark
    public int numbersByTheJdk() {
        text.clear();
        for (double number : ring) {
            text.append(Double.toString(number));
        }
        return text.length();
    }

    private int python(double[] numbers) {
        text.clear();
        for (double number : numbers) {
            PythonText.appendFloat(text, number);
        }
        return text.length();
    }

    @Benchmark
    public Geometry polygonFromJson() {
        return Geometry.of(annotation);
    }

    @Benchmark
    public int annotationAsJson() {
        text.truncate(text.length() > 1 << 15 ? 0 : text.length());
        json.annotationAlone(annotation, "0123456789abcdef01234567", "a@example.com", "2022-05-01T10:00:00.000Z", text);
        return text.length();
    }

    @Benchmark
    public long polygonArea() {
        return raster.area(ring, Rounding.TRUNCATE, WIDTH, HEIGHT);
    }

    @Benchmark
    public boolean polygonPixels() {
        return raster.fill(List.of(ring), Rounding.HALF_EVEN, mask);
    }

    @Benchmark
    public int[] runLengths() {
        return RunLengths.of(mask);
    }

    @Benchmark
    public byte[] indexedPng() {
        return png.indexed(WIDTH, HEIGHT, palette, (y, into, from) -> {
            Arrays.fill(into, from, from + WIDTH, (byte) 0);
            for (int x = mask.nextSet(0, y), end; x < WIDTH; x = mask.nextSet(end, y)) {
                end = mask.nextClear(x, y);
                Arrays.fill(into, from + x, from + end, (byte) 1);
            }
        });
    }

    @Benchmark
    public EncodedEntry deflatedEntry() {
        return codec.encode("json/a.json", document, 0, document.length);
    }

    @Benchmark
    public int deflatedByTheJdk() {
        deflater.reset();
        deflater.setInput(document);
        deflater.finish();
        return deflater.deflate(deflated);
    }
}
