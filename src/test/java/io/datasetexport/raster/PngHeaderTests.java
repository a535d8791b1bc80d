package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PngHeaderTests {

    private static final String PNG = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAAJUlEQVR4nGNgIAAYYYz/DAz/0SQYGRgY"
            + "GJgImUBQAQpAt4YoAACewQQE6rma/gAAAABJRU5ErkJggg==";

    @Test
    void readsTheSizeOfPlainBase64AndOfADataUri() {
        assertThat(header(PNG)).isEqualTo(new PngHeader(8, 6));
        assertThat(header("data:image/png;base64," + PNG)).isEqualTo(new PngHeader(8, 6));
        assertThat(header("data:image/png;base64,\r\n" + PNG.replaceAll("(.{7})", "$1\n"))).isEqualTo(new PngHeader(8, 6));
    }

    @Test
    void readsOnlyTheStart() {
        assertThat(header(PNG.substring(0, 32) + "!!!")).isEqualTo(new PngHeader(8, 6));
        byte[] bomb = Base64.getDecoder().decode(PNG);
        bomb[16] = 0x7f;
        assertThat(header(Base64.getEncoder().encodeToString(bomb))).isEqualTo(new PngHeader(0x7f000008, 6));
    }

    @Test
    void whatDoesNotStartAsAPngHasNone() {
        assertThat(header("")).isNull();
        assertThat(header(PNG.substring(0, 31))).isNull();
        assertThat(header("A" + PNG)).isNull();
        assertThat(header("not,a,picture")).isNull();
    }

    private static @Nullable PngHeader header(String text) {
        byte[] bytes = ("xx" + text).getBytes(StandardCharsets.US_ASCII);
        return PngHeader.ofBase64(bytes, 2, bytes.length - 2);
    }
}
