package io.datasetexport.format.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Mask;
import io.datasetexport.format.source.Geometry.Polygon;
import io.datasetexport.format.source.Geometry.Undrawn;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.model.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeometryTests {

    @Test
    void readsABox() {
        assertThat(box("[{\"x\":1.5,\"y\":2,\"z\":0},{\"x\":3,\"y\":4,\"z\":0}]")).isEqualTo(new Box(1.5, 2, 3, 4, false, false));
    }

    @Test
    void knowsBoxesOfIntegers() {
        assertThat(box("[{\"x\":1,\"y\":2,\"z\":0.5},{\"x\":3,\"y\":4}]")).isEqualTo(new Box(1, 2, 3, 4, true, false));
        assertThat(box("[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4.0}]")).isEqualTo(new Box(1, 2, 3, 4, false, false));
        assertThat(box("[{\"x\":1,\"y\":2},{\"x\":3e0,\"y\":4}]")).isEqualTo(new Box(1, 2, 3, 4, false, false));
        assertThat(box("[{\"x\":-0,\"y\":-0},{\"x\":3,\"y\":4}]")).isEqualTo(new Box(0.0, 0.0, 3, 4, true, false));
    }

    @Test
    void takesMembersAndCornersInAnyOrder() {
        assertThat(box(" [ {\"z\":[{}],\"y\":9,\"x\":8} , {\"y\":4,\"k\":{\"x\":7},\"x\":3} ] ")).isEqualTo(new Box(3, 4, 8, 9, true, false));
    }

    @Test
    void noticesAnAngle() {
        assertThat(box("[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4},30]")).isEqualTo(new Box(1, 2, 3, 4, true, true));
        assertThat(box("[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4},-0.5]")).isEqualTo(new Box(1, 2, 3, 4, true, true));
        assertThat(box("[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4},0.0]")).isEqualTo(new Box(1, 2, 3, 4, true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "5", "\"\"", "[{\"x\":1,\"y\":2}]", "[{\"x\":1,", "nonsense"})
    void findsNoBox(String json) {
        assertThat(box(json)).isEqualTo(new Unreadable(Reason.EMPTY_GEOMETRY));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[{\"x\":\"1\",\"y\":2},{\"x\":3,\"y\":4}]",
        "[{\"x\":\"NaN\",\"y\":2},{\"x\":3,\"y\":4}]",
        "[{\"x\":1e400,\"y\":2},{\"x\":3,\"y\":4}]",
        "[{\"x\":null,\"y\":2},{\"x\":3,\"y\":4}]",
        "[{\"y\":2},{\"x\":3,\"y\":4}]",
        "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4},\"30\"]",
        "[1,2,3,4]"
    })
    void refusesNumbersThatAreNone(String json) {
        assertThat(box(json)).isEqualTo(new Unreadable(Reason.NON_FINITE));
    }

    @Test
    void takesAnyFiniteNumber() {
        assertThat(box("[{\"x\":-1e308,\"y\":123456789012345678901234567890},{\"x\":1e308,\"y\":0}]"))
                .isEqualTo(new Box(-1e308, 0, 1e308, 123456789012345678901234567890d, false, false));
    }

    @Test
    void readsEveryDigit() {
        Random random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            double number = i % 2 == 0 ? random.nextDouble() * 4000 - 100 : Double.longBitsToDouble(random.nextLong() >>> 2);
            Box box = (Box) box("[{\"x\":" + number + ",\"y\":0},{\"x\":" + number + ",\"y\":0}]");
            assertThat(box.left()).isEqualTo(number);
        }
    }

    @Test
    void readsTheRingsOfAPolygon() {
        Polygon polygon = (Polygon) polygon("[[{\"x\":0,\"y\":1},{\"x\":7.5,\"y\":0}],[{\"y\":2,\"x\":1}],[]]");
        assertThat(polygon.rings()).hasSize(2);
        assertThat(polygon.outer()).containsExactly(0, 1, 7.5, 0);
        assertThat(polygon.rings().get(1)).containsExactly(1, 2);
        assertThat(polygon.hasHoles()).isTrue();
    }

    @Test
    void readsASingleRingWithoutItsList() {
        Polygon polygon = (Polygon) polygon("[{\"x\":0,\"y\":1},{\"x\":7,\"y\":0},{\"x\":7,\"y\":0}]");
        assertThat(polygon.rings()).hasSize(1);
        assertThat(polygon.outer()).containsExactly(0, 1, 7, 0, 7, 0);
        assertThat(polygon.hasHoles()).isFalse();
    }

    @Test
    void readsLongRings() {
        StringBuilder json = new StringBuilder("[[");
        for (int i = 0; i < 1000; i++) {
            json.append(i == 0 ? "" : ",").append("{\"x\":").append(i).append(",\"y\":").append(-i).append('}');
        }
        Polygon polygon = (Polygon) polygon(json.append("]]").toString());
        assertThat(polygon.outer()).hasSize(2000).endsWith(999, -999);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "[[]]", "[[],[{\"x\":1,\"y\":1}]]", "{}", "[[{\"x\":1,\"y\":1}"})
    void findsNoPolygon(String json) {
        assertThat(polygon(json)).isEqualTo(new Unreadable(Reason.EMPTY_GEOMETRY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[{\"x\":1}]]", "[[1,2]]", "[1,2]", "[[[{\"x\":1,\"y\":1}]]]", "[{\"x\":1,\"y\":1},[]]", "[[{\"x\":1,\"y\":\"2\"}]]"})
    void refusesPointsThatAreNone(String json) {
        assertThat(polygon(json)).isEqualTo(new Unreadable(Reason.NON_FINITE));
    }

    @Test
    void findsTheMaskInTextOrObject() {
        assertThat(maskText("\"data:image/png;base64,AAAA\"")).isEqualTo("data:image/png;base64,AAAA");
        assertThat(maskText(" \"AAAA\" ")).isEqualTo("AAAA");
        assertThat(maskText("\"data:image\\/png;base64,AA\\u0041A\"")).isEqualTo("data:image/png;base64,AAAA");
        assertThat(maskText("{\"type\":[\"data\"],\"data\":\"AAAA\"}")).isEqualTo("AAAA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "\"\"", "{}", "[]", "{\"data\":null}", "{\"data\":\"\"}", "{\"data\":\"AAA"})
    void findsNoMask(String json) {
        assertThat(read(Shape.MASK, json)).isIn(new Unreadable(Reason.EMPTY_GEOMETRY), new Unreadable(Reason.MASK_UNDECODABLE));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void readsMissingCoordinates(Shape shape) {
        Geometry geometry = new GeometryReader().read(shape, null);
        switch (shape) {
            case BOX, POLYGON, MASK -> assertThat(geometry).isEqualTo(new Unreadable(Reason.EMPTY_GEOMETRY));
            default -> assertThat(geometry).isEqualTo(new Undrawn());
        }
    }

    private static Geometry box(String json) {
        return read(Shape.BOX, json);
    }

    private static Geometry polygon(String json) {
        return read(Shape.POLYGON, json);
    }

    private static String maskText(String json) {
        Mask mask = (Mask) read(Shape.MASK, json);
        return new String(mask.text(), mask.from(), mask.length(), StandardCharsets.US_ASCII);
    }

    private static Geometry read(Shape shape, String json) {
        return new GeometryReader().read(shape, json.getBytes(StandardCharsets.UTF_8));
    }
}
