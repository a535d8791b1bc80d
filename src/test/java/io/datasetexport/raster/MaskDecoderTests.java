package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.raster.DecodedMask.Readable;
import io.datasetexport.raster.DecodedMask.Unreadable;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import org.junit.jupiter.api.Test;

class MaskDecoderTests {

    private static final String SAMPLE = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAAJUlEQVR4nGNgIAAYYYz/DAz/0SQYGRgYGJgImUBQAQpAt4YoAACewQQE"
            + "6rma/gAAAABJRU5ErkJggg==";

    @Test
    void readsThePlatformsSample() {
        BitMask mask = readable(base64("data:image/png;base64," + SAMPLE)).mask();
        assertThat(mask.width()).isEqualTo(8);
        assertThat(mask.height()).isEqualTo(6);
        assertThat(RunLengths.of(mask)).containsExactly(13, 3, 3, 4, 2, 3, 3, 3, 14);
        assertThat(mask.bounds()).isEqualTo(new BitMask.Bounds(2, 1, 5, 4));
    }

    /** What libdeflate inflates at once and what the JDK does row by row must be the same, whatever is damaged. */
    @Test
    void inflatesAtOnceWhatItInflatesRowByRow() throws IOException {
        Random random = new Random(4);
        int readable = 0;
        for (int i = 0; i < 2000; i++) {
            BufferedImage image = new BufferedImage(1 + random.nextInt(150), 1 + random.nextInt(20), BufferedImage.TYPE_INT_ARGB);
            for (int n = 0; n < 30; n++) {
                image.setRGB(random.nextInt(image.getWidth()), random.nextInt(image.getHeight()), random.nextInt());
            }
            byte[] png = png(image, i % 3 == 0);
            if (i % 2 == 1) {
                png[8 + random.nextInt(png.length - 8)] ^= (byte) (1 << random.nextInt(8));
            }
            DecodedMask atOnce = MaskDecoder.decode(ByteBuffer.wrap(png), true);
            DecodedMask byRow = MaskDecoder.decode(ByteBuffer.wrap(png), false);
            if (atOnce instanceof DecodedMask.Readable(BitMask a) && byRow instanceof DecodedMask.Readable(BitMask b)) {
                assertThat(RunLengths.of(a)).isEqualTo(RunLengths.of(b));
                readable++;
            } else {
                assertThat(atOnce).isEqualTo(byRow);
            }
        }
        assertThat(readable).isGreaterThan(1000);
    }

    @Test
    void readsBase64WithOrWithoutPrefix() {
        assertThat(readable(base64(SAMPLE)).mask().count()).isEqualTo(13);
        assertThat(readable(base64("data:;base64," + SAMPLE)).mask().count()).isEqualTo(13);
        assertThat(readable(base64(SAMPLE.substring(0, 40) + "\n" + SAMPLE.substring(40))).mask().count()).isEqualTo(13);
    }

    @Test
    void takesAlphaOver127() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x7fffffff);
        image.setRGB(1, 0, 0x80000000);
        image.setRGB(2, 0, 0x00ffffff);
        BitMask mask = readable(MaskDecoder.decode(png(image, false))).mask();
        assertThat(mask.nextSet(0, 0)).isEqualTo(1);
        assertThat(mask.nextClear(1, 0)).isEqualTo(2);
        assertThat(mask.count()).isEqualTo(1);
    }

    @Test
    void readsEveryKindOfPng() throws IOException {
        Random random = new Random(7);
        byte[] shades = {0, 0, 90, (byte) 255};
        IndexColorModel opaque = new IndexColorModel(2, 4, shades, shades, shades);
        IndexColorModel seeThrough =
                new IndexColorModel(2, 4, shades, shades, shades, new byte[] {0, (byte) 128, 127, (byte) 255});
        int[] types = {
            BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_BYTE_INDEXED
        };
        for (int run = 0; run < 240; run++) {
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(40);
            int type = types[run % types.length];
            BufferedImage image = type == BufferedImage.TYPE_BYTE_INDEXED
                    ? new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY, run % 4 == 1 ? opaque : seeThrough)
                    : new BufferedImage(width, height, type);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int[] sample = new int[image.getRaster().getNumBands()];
                    for (int band = 0; band < sample.length; band++) {
                        int size = image.getSampleModel().getSampleSize(band);
                        sample[band] = random.nextBoolean() ? 0 : x / 3 * y * 17 + random.nextInt(3) & (1 << size) - 1;
                    }
                    image.getRaster().setPixel(x, y, sample);
                }
            }
            byte[] png = png(image, run % 2 == 0);
            BufferedImage again = ImageIO.read(new ByteArrayInputStream(png));
            BitMask mask = readable(MaskDecoder.decode(png)).mask();
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    boolean expected = again.getColorModel().hasAlpha()
                            ? again.getRGB(x, y) >>> 24 > 127
                            : Arrays.stream(again.getRaster().getPixel(x, y, (int[]) null)).anyMatch(sample -> sample != 0)
                                    && (again.getColorModel() instanceof IndexColorModel ? (again.getRGB(x, y) & 0xffffff) != 0 : true);
                    assertThat(mask.get(x, y)).as("run %s, type %s, pixel %s %s", run, type, x, y).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void readsGrayWithAlpha() {
        byte[] png = png(header(2, 2, 8, 4), chunk("IDAT", deflate(new byte[] {0, 9, (byte) 200, 9, 100, 2, 0, 0, 0, 100})));
        BitMask mask = readable(MaskDecoder.decode(png)).mask();
        assertThat(mask.get(0, 0)).isTrue();
        assertThat(mask.get(1, 0)).isFalse();
        assertThat(mask.get(0, 1)).isTrue();
        assertThat(mask.get(1, 1)).isTrue();
    }

    @Test
    void takesAKeyColorForTransparent() {
        byte[] png = png(
                header(3, 1, 8, 2),
                chunk("tRNS", new byte[] {0, 1, 0, 2, 0, 3}),
                chunk("IDAT", deflate(new byte[] {0, 1, 2, 3, 0, 0, 0, 1, 2, 4})));
        BitMask mask = readable(MaskDecoder.decode(png)).mask();
        assertThat(mask.get(0, 0)).isFalse();
        assertThat(mask.get(1, 0)).isTrue();
        assertThat(mask.get(2, 0)).isTrue();
    }

    @Test
    void readsDataThatIsCutIntoManyChunks() {
        byte[] data = deflate(new byte[] {0, 1, 0, 1, 0, 0, 1});
        byte[][] parts = new byte[data.length + 2][];
        parts[0] = header(6, 1, 8, 0);
        for (int i = 0; i < data.length; i++) {
            parts[i + 1] = chunk("IDAT", new byte[] {data[i]});
        }
        parts[data.length + 1] = chunk("IEND", new byte[0]);
        assertThat(readable(MaskDecoder.decode(png(parts))).mask().count()).isEqualTo(3);
    }

    @Test
    void refusesALargePictureByItsHeader() {
        byte[] png = png(header(60_000, 60_000, 8, 6), chunk("IDAT", new byte[20]));
        cheaply(() -> assertThat(MaskDecoder.decode(png)).isEqualTo(Unreadable.TOO_LARGE));
        cheaply(() -> assertThat(base64(Base64.getEncoder().encodeToString(png))).isEqualTo(Unreadable.TOO_LARGE));
    }

    @Test
    void refusesALargePictureWithoutData() {
        byte[] png = png(header(16_384, 4_096, 8, 6), chunk("IDAT", deflate(new byte[1000])));
        cheaply(() -> assertThat(MaskDecoder.decode(png)).isEqualTo(Unreadable.UNDECODABLE));
    }

    @Test
    void leavesTextChunksCompressed() {
        byte[] bomb = chunk("zTXt", deflate(new byte[200_000_000]));
        byte[] png = png(header(1, 1, 8, 0), bomb, chunk("IDAT", deflate(new byte[] {0, 1})));
        cheaply(() -> assertThat(readable(MaskDecoder.decode(png)).mask().count()).isEqualTo(1));
    }

    @Test
    void refusesEveryCutPicture() throws IOException {
        byte[] png = png(noise(30, 30), true);
        int end = png.length - 12;
        for (int length = 0; length < end - 4; length++) {
            assertThat(MaskDecoder.decode(Arrays.copyOf(png, length))).as("%s bytes", length).isEqualTo(Unreadable.UNDECODABLE);
        }
    }

    @Test
    void neverFailsOnDamage() throws IOException {
        Random random = new Random(13);
        byte[] png = png(noise(20, 20), false);
        for (int run = 0; run < 20_000; run++) {
            byte[] damaged = png.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(run % 2 == 0 ? 40 : damaged.length)] = (byte) random.nextInt();
            }
            if (run % 3 == 0) {
                CRC32 crc = new CRC32();
                crc.update(damaged, 12, 17);
                ByteBuffer.wrap(damaged).putInt(29, (int) crc.getValue());
            }
            assertThat(MaskDecoder.decode(damaged)).isNotNull();
        }
    }

    @Test
    void refusesWhatIsNoPicture() {
        assertThat(base64("")).isEqualTo(Unreadable.UNDECODABLE);
        assertThat(base64("data:image/png;base64,")).isEqualTo(Unreadable.UNDECODABLE);
        assertThat(base64("not base64 at all")).isEqualTo(Unreadable.UNDECODABLE);
        assertThat(base64("A".repeat(1001))).isEqualTo(Unreadable.UNDECODABLE);
    }

    private static void cheaply(Runnable work) {
        work.run();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        work.run();
        assertThat(System.nanoTime() - start).isLessThan(50_000_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(1_000_000);
    }

    private static Readable readable(DecodedMask decoded) {
        assertThat(decoded).isInstanceOf(Readable.class);
        return (Readable) decoded;
    }

    private static DecodedMask base64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return MaskDecoder.decodeBase64(bytes, 0, bytes.length);
    }

    private static BufferedImage noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return image;
    }

    private static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), parameters);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), parameters);
        }
        return bytes.toByteArray();
    }

    private static byte[] header(int width, int height, int depth, int colorType) {
        return chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) depth).put((byte) colorType).array());
    }

    private static byte[] chunk(String type, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(content.length + 12);
        chunk.putInt(content.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, content.length + 4);
        return chunk.putInt((int) crc.getValue()).array();
    }

    private static byte[] png(byte[]... chunks) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(ByteBuffer.allocate(8).putLong(0x89504e470d0a1a0aL).array());
        for (byte[] chunk : chunks) {
            png.writeBytes(chunk);
        }
        return png.toByteArray();
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }
}
