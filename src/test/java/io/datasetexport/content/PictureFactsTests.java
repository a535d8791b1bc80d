package io.datasetexport.content;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureFactsTests {

    @ParameterizedTest
    @CsvSource({
        "png, image/png, 5, 3",
        "jpeg, image/jpeg, 5, 3",
        "gif, image/gif, 5, 3",
        "bmp, image/bmp, 5,",
        "tiff, image/tiff, 5, 3",
    })
    void readsTheSizeOfWhatTheJdkWrites(String format, String mediaType, int type, Integer channels) throws IOException {
        assertThat(PictureFacts.of(picture(format, type))).isEqualTo(new PictureFacts(mediaType, 70, 50, channels, null));
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "5, 3", "6, 4", "13, 3"})
    void countsTheChannelsOfAPng(int type, int channels) throws IOException {
        assertThat(PictureFacts.of(picture("png", type)).channels()).isEqualTo(channels);
    }

    @Test
    void readsTheRotationOfAJpeg() throws IOException {
        byte[] plain = picture("jpeg", BufferedImage.TYPE_3BYTE_BGR);
        byte[] exif = HexFormat.of().parseHex("ffe10022" + "457869660000" + "4d4d002a00000008" + "0001" + "0112" + "0003" + "00000001"
                + "00060000" + "00000000");
        byte[] turned = new byte[plain.length + exif.length];
        System.arraycopy(plain, 0, turned, 0, 2);
        System.arraycopy(exif, 0, turned, 2, exif.length);
        System.arraycopy(plain, 2, turned, 2 + exif.length, plain.length - 2);

        assertThat(PictureFacts.of(turned)).isEqualTo(new PictureFacts("image/jpeg", 70, 50, 3, 6));
    }

    /** An extended file, "VP8X": one less than width and height, 24 bits each. */
    @Test
    void readsTheSizeOfAWebp() {
        ByteBuffer webp = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes(US_ASCII)).putInt(22).put("WEBPVP8X".getBytes(US_ASCII)).putInt(10).putInt(0);
        webp.put((byte) 69).put((byte) 0).put((byte) 0).put((byte) 49).put((byte) 0).put((byte) 0);

        assertThat(PictureFacts.of(webp.array())).isEqualTo(new PictureFacts("image/webp", 70, 50, null, null));
    }

    @Test
    void whatIsNoPictureTellsNothing() {
        PictureFacts nothing = new PictureFacts(null, null, null, null, null);
        assertThat(PictureFacts.of(new byte[0])).isEqualTo(nothing);
        assertThat(PictureFacts.of("%PDF-1.7\n".getBytes(US_ASCII))).isEqualTo(nothing);
        assertThat(PictureFacts.of(new byte[] {(byte) 0xff, (byte) 0xd8})).isEqualTo(nothing);
    }

    @Test
    void brokenPicturesNeverFail() throws IOException {
        Random random = new Random(5);
        for (String format : new String[] {"png", "jpeg", "gif", "bmp", "tiff"}) {
            byte[] whole = picture(format, BufferedImage.TYPE_3BYTE_BGR);
            for (int i = 0; i < 300; i++) {
                byte[] broken = Arrays.copyOf(whole, random.nextInt(whole.length));
                for (int j = 0; j < 5 && broken.length > 0; j++) {
                    broken[random.nextInt(Math.min(broken.length, 200))] = (byte) random.nextInt();
                }
                PictureFacts facts = PictureFacts.of(broken);
                assertThat(facts.width() == null || facts.width() > 0).isTrue();
            }
        }
    }

    private static byte[] picture(String format, int type) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(new BufferedImage(70, 50, type), format, out)).isTrue();
        return out.toByteArray();
    }
}
