package io.datasetexport.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datasetexport.export.ExportRequest.SelectedItems;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.selection.QueryLimits;
import io.datasetexport.selection.QueryParser;
import io.datasetexport.selection.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class ExportRequestsTests {

    private static final String DEFAULT_OPTIONS = "\"profile\":\"platform\",\"options\":{\"naming\":\"v2\",\"flatten\":\"items\","
            + "\"unavailable\":\"fail\",\"missing\":\"fail\",\"classes\":\"pinned\",\"json\":{\"layout\":\"files\"},"
            + "\"yolo\":{\"task\":\"detect\",\"video\":false},"
            + "\"coco\":{\"polygons\":\"list\",\"keypoints\":false},\"voc\":{},\"masks\":{\"polygons\":false}}}";

    private final ExportRequests requests = new ExportRequests(new Limits(
            16, 4, 60, 10_000, DataSize.ofMegabytes(1), Duration.ofSeconds(30), 20, 500, 10_000, Duration.ofSeconds(30), DataSize.ofMegabytes(8),
            Duration.ofSeconds(20),
            DataSize.ofKilobytes(32), Duration.ofSeconds(60)));

    @Test
    void anEmptyObjectIsTheWholeDatasetAsJson() {
        assertThat(requests.fromBody("{}").canonicalJson())
                .isEqualTo("{\"scope\":{\"type\":\"dataset\"},\"include\":[\"json\"]," + DEFAULT_OPTIONS);
    }

    @Test
    void noParametersAreTheSameRequest() {
        assertThat(requests.fromParameters(Map.of())).isEqualTo(requests.fromBody("{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"include\":[\"coco\",\"json\"],\"filename\":\"cats\"}",
        "{\"options\":{\"yolo\":{},\"naming\":\"v2\",\"coco\":{\"polygons\":\"list\"}},\"scope\":{\"type\":\"dataset\"},\"include\":[\"json\",\"coco\"]}",
        " {\"profile\" : \"platform\", \"include\":[\"json\",\"coco\"], \"options\":{\"classes\":\"pinned\"} }\n"
    })
    void spellingsOfOneRequestHaveOneCanonicalForm(String body) {
        assertThat(requests.fromBody(body).canonicalJson())
                .isEqualTo("{\"scope\":{\"type\":\"dataset\"},\"include\":[\"json\",\"coco\"]," + DEFAULT_OPTIONS);
    }

    @Test
    void parametersMayRepeatOrListFormats() {
        ExportRequest wanted = requests.fromBody("{\"include\":[\"json\",\"coco\"],\"filename\":\"cats\"}");
        assertThat(requests.fromParameters(Map.of("include", List.of("coco,json"), "filename", List.of("cats")))).isEqualTo(wanted);
        assertThat(requests.fromParameters(
                Map.of("include", List.of("coco", "json"), "filename", List.of("cats"), "coco.polygons", List.of("list"))))
                .isEqualTo(wanted);
    }

    @Test
    void selectedItemsAreSortedAndCountedOnce() {
        assertThat(new SelectedItems(List.of("a"), 3)).isNotEqualTo(new SelectedItems(List.of("a"), 1));
        ExportRequest request = new ExportRequest(
                new SelectedItems(List.of("a", "b\""), 3), EnumSet.of(ExportFormat.VOC),
                new QueryParser(new QueryLimits(1, 1, 1)).parse(StrictJson.object("{\"filter\":{}}"), Resource.ANNOTATIONS), null,
                ExportRequest.Profile.PLATFORM, ExportRequest.Options.DEFAULT);
        assertThat(request.canonicalJson())
                .isEqualTo("{\"scope\":{\"type\":\"items\",\"itemIds\":[\"a\",\"b\\\"\"],\"requested\":3},\"include\":[\"voc\"],"
                        + "\"annotationsQuery\":{\"filter\":{}}," + DEFAULT_OPTIONS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"filtr\":{}}                                            | unknown-field     | /filtr",
        "{\"options\":{\"coco\":{\"polygon\":\"rle\"}}}            | unknown-field     | /options/coco/polygon",
        "{\"options\":{\"voc\":{\"a\":1}}}                         | unknown-field     | /options/voc/a",
        "{\"callbackUrl\":\"http://x\"}                            | unknown-field     | /callbackUrl",
        "{\"include\":[\"json\"],\"include\":[\"coco\"]}           | duplicate-key     | /include",
        "{\"options\":{\"coco\":{\"polygons\":\"list\",\"polygons\":\"rle\"}}} | duplicate-key | /options/coco/polygons",
        "{\"scope\":\"all\"}                                       | validation        | /scope",
        "{\"scope\":5}                                             | validation        | /scope",
        "{\"scope\":null}                                          | validation        | /scope",
        "{\"scope\":{}}                                            | validation        | /scope/type",
        "{\"scope\":{\"type\":\"all\"}}                            | validation        | /scope/type",
        "{\"scope\":{\"type\":\"items\"}}                          | validation        | /scope/itemIds",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":[]}}           | validation        | /scope/itemIds",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":[null]}}       | validation        | /scope/itemIds/0",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"a\",1.7]}}  | validation        | /scope/itemIds/1",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":\"1,2\"}}      | validation        | /scope/itemIds",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":true}}         | validation        | /scope/itemIds",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":[-1]}}         | validation        | /scope/itemIds/0",
        "{\"scope\":{\"type\":\"query\"}}                          | validation        | /scope/query",
        "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"a\"],\"query\":{}}} | validation | /scope/query",
        "{\"scope\":{\"type\":\"dataset\",\"itemIds\":[\"a\"]}}    | validation        | /scope/itemIds",
        "{\"include\":[]}                                          | validation        | /include",
        "{\"include\":\"json\"}                                    | validation        | /include",
        "{\"include\":[\"coco\",\"coco\"]}                         | validation        | /include/1",
        "{\"include\":[\"pdf\"]}                                   | unknown-format    | /include/0",
        "{\"include\":[\"JSON\"]}                                  | unknown-format    | /include/0",
        "{\"filename\":\"../../x\"}                                | invalid-file-name | /filename",
        "{\"filename\":\"a\\r\\nX: y\"}                            | invalid-file-name | /filename",
        "{\"filename\":\"CON\"}                                    | invalid-file-name | /filename",
        "{\"filename\":\"nul.zip\"}                                | invalid-file-name | /filename",
        "{\"filename\":\"\"}                                       | invalid-file-name | /filename",
        "{\"filename\":\"\\u202egpj.exe\"}                         | invalid-file-name | /filename",
        "{\"filename\":\"x.\"}                                      | invalid-file-name | /filename",
        "{\"filename\":7}                                          | validation        | /filename",
        "{\"options\":{\"masks\":{\"polygons\":\"true\"}}}         | validation        | /options/masks/polygons",
        "{\"options\":{\"classes\":{\"cat\":1,\"dog\":1}}}         | validation        | /options/classes/dog",
        "{\"options\":{\"classes\":{\"cat\":1.5}}}                 | validation        | /options/classes/cat",
        "{\"options\":{\"json\":{\"layout\":\"tree\"}}}            | validation        | /options/json/layout",
        "{\"options\":{\"json\":{\"layouts\":\"lines\"}}}          | unknown-field     | /options/json/layouts",
        "{\"options\":{\"naming\":\"v3\"}}                         | validation        | /options/naming",
        "{\"annotationsQuery\":{\"a\":1e1000000000}}               | number-out-of-range | /annotationsQuery/a",
        "{\"scope\":{\"type\":\"query\",\"query\":{}}}             | validation        | /scope/query/filter",
        "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{\"a\":1}}}} | unknown-field | /scope/query/filter/a",
        "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{},\"resource\":\"annotations\"}}} | validation | /scope/query/resource",
        "{\"annotationsQuery\":{}}                                 | validation        | /annotationsQuery/filter",
        "{\"annotationsQuery\":{\"filter\":{\"label\":{\"$not\":1}}}} | unknown-operator | /annotationsQuery/filter/label/$not",
        "{\"profile\":\"trainer\"}                                 | not-available     | /profile",
        "{\"options\":{\"naming\":\"v1\"}}                         | not-available     | /options/naming",
        "{\"options\":{\"classes\":{\"cat\":65536}}}               | validation        | /options/classes/cat",
    })
    void refusesABodyWithItsPlace(String body, String type, String pointer) {
        RequestRefused refused = catchThrowableOfType(RequestRefused.class, () -> requests.fromBody(body));
        assertThat(refused.type().id()).isEqualTo(type);
        assertThat(refused.pointer()).isEqualTo(pointer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filtr            | {}      | unknown-field     | filtr",
        "options.naming   | v2      | unknown-field     | options.naming",
        "include          | pdf     | unknown-format    | include",
        "include          | json,json | validation      | include",
        "include          | ''      | unknown-format    | include",
        "filename         | a/b     | invalid-file-name | filename",
        "query            | [       | malformed-json    | query",
        "query            | 5       | invalid-filter    | query",
        "query            | {}      | validation        | query",
        "query            | {\"$nor\":[]} | unknown-operator | query",
        "itemIds          | a,      | validation        | itemIds",
        "coco.polygons    | circle  | validation        | coco.polygons",
        "masks.polygons   | yes     | validation        | masks.polygons",
        "classes          | {\"a\":-1} | validation     | classes",
    })
    void refusesAParameterByItsName(String name, String value, String type, String pointer) {
        RequestRefused refused =
                catchThrowableOfType(RequestRefused.class, () -> requests.fromParameters(Map.of(name, List.of(value))));
        assertThat(refused.type().id()).isEqualTo(type);
        assertThat(refused.pointer()).isEqualTo(pointer);
    }

    @Test
    void refusesASingleParameterThatIsThereTwice() {
        assertThatThrownBy(() -> requests.fromParameters(Map.of("profile", List.of("platform", "platform"))))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.type().id()).isEqualTo("duplicate-key"));
    }

    @Test
    void refusesItemIdsTogetherWithAQuery() {
        assertThatThrownBy(() -> requests.fromParameters(Map.of("itemIds", List.of("a"), "query", List.of("{}"))))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.type().id()).isEqualTo("validation"));
    }

    @Test
    void refusesOneIdTooMany() {
        String ids = "\"a\",".repeat(10_000) + "\"a\"";
        assertThatThrownBy(() -> requests.fromBody("{\"scope\":{\"type\":\"items\",\"itemIds\":[" + ids + "]}}"))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.type().id()).isEqualTo("too-many-ids"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Street scenes | Street scenes-json-coco-r7.zip",
        "a/b:c\u202e   | a_b_c_-json-coco-r7.zip",
        "Ünïcode 猫     | Ünïcode 猫-json-coco-r7.zip",
        "..            | ._-json-coco-r7.zip",
    })
    void namesTheArchiveAfterItsDataset(String dataset, String name) {
        assertThat(requests.fromBody("{\"include\":[\"json\",\"coco\"]}").archiveName(dataset, 7)).isEqualTo(name);
    }

    @Test
    void aLongDatasetNameLeavesRoomForTheRest() {
        String name = requests.fromBody("{}").archiveName("猫".repeat(300), 7);
        assertThat(name).startsWith("猫").endsWith("-json-r7.zip");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(255);
    }

    @Test
    void theCallersNameWinsAndEndsWithZipOnce() {
        assertThat(requests.fromBody("{\"filename\":\"cats\"}").archiveName("x", 1)).isEqualTo("cats.zip");
        assertThat(requests.fromBody("{\"filename\":\"cats.ZIP\"}").archiveName("x", 1)).isEqualTo("cats.ZIP");
    }
}
