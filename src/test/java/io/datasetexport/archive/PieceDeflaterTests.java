package io.datasetexport.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PieceDeflaterTests {

    private static final byte[] END = {1, 0, 0, (byte) 0xff, (byte) 0xff};

    private final Random random = new Random(5);

    /** From one byte to some pieces, from noise, which is stored, to one byte again and again, which needs codes of one bit. */
    @ParameterizedTest
    @ValueSource(ints = {DeflateCodec.FAST_LEVEL, DeflateCodec.SMALL_LEVEL})
    void piecesOfAnyContentAreOneStream(int level) throws DataFormatException {
        PieceDeflater deflater = new PieceDeflater(level);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            byte[] content = letters(1 << random.nextInt(17) | random.nextInt(1 << random.nextInt(1, 17)), 1 << random.nextInt(9));
            stream.writeBytes(deflater.deflate(content, content.length));
            whole.writeBytes(content);
        }
        stream.writeBytes(END);

        assertThat(inflated(stream.toByteArray(), whole.size())).isEqualTo(whole.toByteArray());
    }

    @Test
    void numbersAreSmallerThanByZlib() {
        byte[] numbers = numbers(1 << 20);

        byte[] pieces = new PieceDeflater(DeflateCodec.FAST_LEVEL).deflate(numbers, numbers.length);

        assertThat(pieces.length).isLessThan(DeflateNativeCompressor.isEnabled() ? byZlib(numbers) * 97 / 100 : byZlib(numbers) + 1);
    }

    /** Letters, then numbers: libdeflate ends a block where the content changes. */
    @Test
    void aPieceOfMoreBlocksIsCutShorter() throws DataFormatException {
        assumeTrue(DeflateNativeCompressor.isEnabled());
        byte[] content = joined(letters(PieceDeflater.LONG_PIECE / 2, 2), numbers(PieceDeflater.LONG_PIECE / 2));
        DeflateNativeCompressor libdeflate = new DeflateNativeCompressor(DeflateCodec.SMALL_LEVEL);
        byte[] blocks = new byte[libdeflate.maxCompressedLength(content.length)];
        int size = libdeflate.compress(content, 0, content.length, blocks, 0, blocks.length);
        assertThat(OnlyBlock.bits(blocks, 0, size)).isEqualTo(OnlyBlock.UNKNOWN);

        byte[] pieces = new PieceDeflater(DeflateCodec.SMALL_LEVEL).deflate(content, content.length);

        assertThat(inflated(joined(pieces, END), content.length)).isEqualTo(content);
        assertThat(pieces.length).isLessThan(size * 21 / 20);
    }

    @Test
    void theEndIsFoundWhateverBitItIs() throws DataFormatException {
        boolean[] seen = new boolean[8];
        for (int i = 0; i < 2000; i++) {
            byte[] content = numbers(200 + i);
            byte[] stream = wholeByZlib(content, 6);
            long bits = OnlyBlock.bits(stream, 0, stream.length);
            assertThat(bits).isBetween(stream.length * 8L - 7, stream.length * 8L);
            seen[(int) (bits % 8)] = true;
            // All bits behind the end are set: they are not read as any part of the block.
            byte[] marked = Arrays.copyOf(stream, stream.length + 1);
            for (long bit = bits; bit < marked.length * 8L; bit++) {
                marked[(int) (bit / 8)] |= (byte) (1 << bit % 8);
            }
            Inflater inflater = new Inflater(true);
            inflater.setInput(marked);
            byte[] back = new byte[content.length + 1];
            assertThat(inflater.inflate(back)).isEqualTo(content.length);
            assertThat(inflater.finished()).isTrue();
            assertThat(inflater.getBytesRead()).isEqualTo((bits + 7) / 8);
            inflater.end();
        }
        assertThat(seen).doesNotContain(false);
    }

    @Test
    void fixedCodesAndSeveralBlocksHaveNoKnownEnd() {
        byte[] few = wholeByZlib("a".getBytes(UTF_8), 6);
        byte[] many = wholeByZlib(numbers(1 << 20), 6);

        assertThat(OnlyBlock.bits(few, 0, few.length)).isEqualTo(OnlyBlock.UNKNOWN);
        assertThat(OnlyBlock.bits(many, 0, many.length)).isEqualTo(OnlyBlock.UNKNOWN);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private byte[] letters(int length, int letters) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) random.nextInt(letters);
        }
        return content;
    }

    private byte[] numbers(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(String.format(Locale.ROOT, "%.4f,", random.nextDouble() * 1920));
        }
        return text.substring(0, length).getBytes(UTF_8);
    }

    private static int byZlib(byte[] content) {
        return wholeByZlib(content, 1).length;
    }

    private static byte[] wholeByZlib(byte[] content, int level) {
        Deflater zlib = new Deflater(level, true);
        zlib.setInput(content);
        zlib.finish();
        byte[] out = new byte[content.length + 100];
        int size = zlib.deflate(out);
        zlib.end();
        return Arrays.copyOf(out, size);
    }

    private static byte[] inflated(byte[] stream, int size) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        inflater.setInput(stream);
        byte[] content = new byte[size + 1];
        int length = 0;
        while (!inflater.finished()) {
            length += inflater.inflate(content, length, content.length - length);
        }
        inflater.end();
        return Arrays.copyOf(content, length);
    }
}
