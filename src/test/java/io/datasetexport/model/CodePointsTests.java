package io.datasetexport.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CodePointsTests {

    @Test
    void ordersAsTheBytesOfUtf8Do() {
        Random random = new Random(5);
        int[] points = {'a', 'b', 'Z', 0xe9, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xff5a, 0xffff, 0x10000, 0x1f600, 0x10ffff};
        List<String> texts = Stream.generate(() -> random.ints(random.nextInt(4), 0, points.length)
                .collect(StringBuilder::new, (text, i) -> text.appendCodePoint(points[i]), StringBuilder::append).toString()).limit(300).toList();
        for (String one : texts) {
            for (String other : texts) {
                assertThat(Integer.signum(CodePoints.ORDER.compare(one, other)))
                        .isEqualTo(Integer.signum(Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8))));
            }
        }
    }
}
