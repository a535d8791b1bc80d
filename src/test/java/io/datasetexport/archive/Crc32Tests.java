package io.datasetexport.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class Crc32Tests {

    @Test
    void theCrcOfTwoPiecesIsTheCrcOfTheWhole() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            byte[] whole = new byte[random.nextInt(3000)];
            random.nextBytes(whole);
            int cut = random.nextInt(whole.length + 1);

            long combined = Crc32.combine(crc(whole, 0, cut), crc(whole, cut, whole.length - cut), whole.length - cut);

            assertThat(combined).as("%s bytes cut at %s", whole.length, cut).isEqualTo(crc(whole, 0, whole.length));
        }
    }

    private static long crc(byte[] bytes, int from, int count) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, count);
        return crc.getValue();
    }
}
