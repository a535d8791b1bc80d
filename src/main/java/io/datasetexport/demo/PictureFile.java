package io.datasetexport.demo;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HexFormat;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as files: PNG, and JPEG with its EXIF orientation. */
final class PictureFile {

    private static final float JPEG_QUALITY = 0.92f;

    /**
     * The start of a JPEG file that is turned by a quarter when shown: its marker, then an EXIF segment of 34 bytes with
     * a big-endian TIFF directory of one entry: orientation (0x0112), one short, 6.
     */
    private static final byte[] TURNED_START =
            HexFormat.of().parseHex("ffd8" + "ffe10022" + "457869660000" + "4d4d002a00000008"
                    + "0001" + "0112" + "0003" + "00000001" + "00060000" + "00000000");

    private PictureFile() {}

    static boolean isJpeg(String filename) {
        return filename.endsWith(".jpg");
    }

    static byte[] encode(BufferedImage shown, String filename, int orientation) {
        if (!isJpeg(filename)) {
            return png(shown);
        }
        if (orientation != Picture.TURNED_RIGHT) {
            return jpeg(shown);
        }
        byte[] plain = jpeg(turnedLeft(shown));
        byte[] turned = new byte[TURNED_START.length + plain.length - 2];
        System.arraycopy(TURNED_START, 0, turned, 0, TURNED_START.length);
        System.arraycopy(plain, 2, turned, TURNED_START.length, plain.length - 2);
        return turned;
    }

    /** A mask as the platform spells it. */
    static String dataUri(BufferedImage mask) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(mask));
    }

    private static BufferedImage turnedLeft(BufferedImage shown) {
        var stored = new BufferedImage(shown.getHeight(), shown.getWidth(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = stored.createGraphics();
        graphics.drawImage(shown, new AffineTransform(0, -1, 1, 0, 0, shown.getWidth()), null);
        graphics.dispose();
        return stored;
    }

    private static byte[] png(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        return write(writer, writer.getDefaultWriteParam(), image);
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam quality = writer.getDefaultWriteParam();
        quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        quality.setCompressionQuality(JPEG_QUALITY);
        return write(writer, quality, image);
    }

    private static byte[] write(ImageWriter writer, ImageWriteParam parameters, BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
