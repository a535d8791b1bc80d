package io.datasetexport.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.RequestRefused;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class QueryParserTests {

    private final QueryParser parser = new QueryParser(StoredDataset.LIMITS);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'filter':{'$where':'1'}} | unknown-operator | /filter/$where",
        "{'filter':{'name':{'$expr':1}}} | unknown-operator | /filter/name/$expr",
        "{'filter':{'name':{'$regex':'a'}}} | unknown-operator | /filter/name/$regex",
        "{'filter':{'$and':[{'$nor':[{'name':'a'}]}]}} | unknown-operator | /filter/$and/0/$nor",
        "{'filter':{'name':{'$not':{'$eq':1}}}} | unknown-operator | /filter/name/$not",
        "{'filter':{'metadata.system.size':{'gt':5}}} | unknown-operator | /filter/metadata.system.size/gt",
        "{'filter':{},'update':{'metadata':{}}} | unknown-operator | /update",
        "{'filter':{},'delete':true} | unknown-operator | /delete",
        "{'filter':{},'references':{'operation':'delete'}} | unknown-operator | /references",
        "{'filter':{},'except':{'query':{'filter':{},'update':{}}}} | unknown-operator | /except/query/update",
        "{'filter':{'__proto__':1}} | unknown-field | /filter/__proto__",
        "{'filter':{'constructor':1}} | unknown-field | /filter/constructor",
        "{'filter':{'password':1}} | unknown-field | /filter/password",
        "{'filter':{'label':'cat'}} | unknown-field | /filter/label",
        "{'filter':{'filename.x':'cat'}} | unknown-field | /filter/filename.x",
        "{'filtr':{}} | unknown-field | /filtr",
        "{'filter':{},'pagesize':5} | unknown-field | /pagesize",
        "{'filter':{},'sort':{'password':'ascending'}} | unknown-field | /sort/password",
        "{'filter':{},'sort':{'metadata.user.x':'ascending'}} | unknown-field | /sort/metadata.user.x",
        "{'filter':{},'sort':{'filename; drop':1}} | invalid-field-path | /sort/filename; drop",
        "{'filter':{},'sort':{'filename':1}} | validation | /sort/filename",
        "{'filter':{'metadata.a->>\\u0027b\\u0027':1}} | invalid-field-path | /filter/metadata.a->>'b'",
        "{'filter':{'metadata.{a,b}':1}} | invalid-field-path | /filter/metadata.{a,b}",
        "{'filter':{'metadata.a..b':1}} | invalid-field-path | /filter/metadata.a..b",
        "{'filter':{'.metadata':1}} | invalid-field-path | /filter/.metadata",
        "{'filter':{'metadata.':1}} | invalid-field-path | /filter/metadata.",
        "{'filter':{'$or':[]}} | invalid-filter | /filter/$or",
        "{'filter':{'$and':[]}} | invalid-filter | /filter/$and",
        "{'filter':{'$or':[{}]}} | invalid-filter | /filter/$or/0",
        "{'filter':{'$and':{'name':'a'}}} | invalid-filter | /filter/$and",
        "{'filter':{'$and':['a']}} | invalid-filter | /filter/$and/0",
        "{'filter':{'metadata.user.x':{}}} | invalid-filter | /filter/metadata.user.x",
        "{'filter':{'metadata.system.refs':{'$match':{}}}} | invalid-filter | /filter/metadata.system.refs/$match",
        "{'filter':{'name':{'$in':'a'}}} | type-mismatch | /filter/name/$in",
        "{'filter':{'name':{'$exists':'yes'}}} | type-mismatch | /filter/name/$exists",
        "{'filter':{'createdAt':'2024-13-45'}} | type-mismatch | /filter/createdAt",
        "{'filter':{'createdAt':{'$gt':'now() - interval'}}} | type-mismatch | /filter/createdAt/$gt",
        "{'filter':{'createdAt':{'$in':['2024-01-01','300000-01-01']}}} | type-mismatch | /filter/createdAt/$in/1",
        "{'filter':{'createdAt':{'$lt':9e17}}} | type-mismatch | /filter/createdAt/$lt",
        "{'filter':{'metadata.user.x':{'$gt':'NaN'}}} | number-out-of-range | /filter/metadata.user.x/$gt",
        "{'filter':{'metadata.user.x':{'$gt':1e-999}}} | number-out-of-range | /filter/metadata.user.x/$gt",
        "{'filter':{'metadata.user.x':[[1e-999]]}} | number-out-of-range | /filter/metadata.user.x/0/0",
        "{'resource':'items'} | validation | /filter",
        "{} | validation | /filter",
        "{'filter':[]} | validation | /filter",
        "{'filter':{},'resource':'annotations'} | validation | /resource",
        "{'filter':{},'resource':'tasks'} | validation | /resource",
        "{'filter':{},'page':-1} | validation | /page",
        "{'filter':{},'page':1000000000} | validation | /page",
        "{'filter':{},'pageSize':1001} | validation | /pageSize",
        "{'filter':{},'join':{'on':{'resource':'annotations','local':'id','forigen':'itemId'},'filter':{}}} | validation | /join/on/local",
        "{'filter':{},'join':{'on':{'resource':'items','local':'itemId','forigen':'id'},'filter':{}}} | validation | /join/on/resource",
        "{'filter':{},'join':{'on':{'resource':'annotations','local':'itemId','forigen':'id'}}} | validation | /join/filter",
        "{'filter':{},'intersect':{'filter':{}}} | unknown-field | /intersect/filter"
    })
    void refuses(String query, String type, String pointer) {
        RequestRefused refused = refusal(query.replace('\'', '"'));

        assertThat(refused.type().id()).isEqualTo(type);
        assertThat(refused.pointer()).isEqualTo(pointer);
        assertThat(refused.type().status()).isEqualTo(400);
    }

    @Test
    void refusesNamesThatLookLikeSql() {
        assertThat(refusal("{\"filter\":{\"metadata.user.x'); drop table items;--\":1}}").type().id()).isEqualTo("invalid-field-path");
        assertThat(refusal("{\"filter\":{\"metadata.\\\"a\\\"\":1}}").type().id()).isEqualTo("invalid-field-path");
    }

    @Test
    void refusesWhatIsTooMuch() {
        assertThat(refusal(nested(20)).type().id()).isEqualTo("too-deep");
        assertThat(refusal(conditions(500)).type().id()).isEqualTo("filter-too-complex");
        assertThat(refusal("{\"filter\":{\"id\":{\"$in\":[" + "1,".repeat(10_000) + "1]}}}").type().id()).isEqualTo("filter-too-complex");
        assertThat(refusal("{\"filter\":{\"name\":\"" + "*".repeat(1000) + "\"}}").type().id()).isEqualTo("invalid-pattern");
        assertThat(refusal("{\"filter\":{\"metadata" + ".a".repeat(32) + "\":1}}").type().id()).isEqualTo("invalid-field-path");
        assertThat(refusal("{\"filter\":" + "{\"$not\":".repeat(21) + "{}" + "}".repeat(22)).type().id()).isEqualTo("too-deep");
    }

    @Test
    void takesAsMuchAsIsAllowed() {
        assertThatCode(() -> parse(nested(17))).doesNotThrowAnyException();
        assertThatCode(() -> parse(conditions(499))).doesNotThrowAnyException();
        assertThatCode(() -> parse("{\"filter\":{\"id\":{\"$in\":[" + "1,".repeat(9_999) + "1]}}}")).doesNotThrowAnyException();
        assertThatCode(() -> parse("{\"filter\":{\"name\":\"" + "*a".repeat(64) + "\"}}")).doesNotThrowAnyException();
        assertThatCode(() -> parse("{\"filter\":{\"metadata" + ".a".repeat(31) + "\":1}}")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'filter':{'metadata.user.x':{'$in':[1,'a',null,{}]}}}",
        "{'filter':{'metadata.user.my key (px), größe':true}}",
        "{'filter':{'metadata.system.size':{'$gt':true}}}",
        "{'filter':{},'select':{'metadata':0},'limit':10,'skip':1,'context':{'projects':['p']},'queryEngine':'mongo','sign':true}",
        "{'filter':{},'join':{'on':{'resource':'annotations','local':'itemId','foreign':'id'},'filter':{}}}",
        "{'filter':{'datasetId':'d'}}"
    })
    void takes(String query) {
        assertThatCode(() -> parse(query.replace('\'', '"'))).doesNotThrowAnyException();
    }

    @Test
    void aFilterMayStandAlone() {
        assertThat(parse("{\"$and\":[{\"dir\":\"/a\"}]}").filter()).isEqualTo(parse("{\"filter\":{\"$and\":[{\"dir\":\"/a\"}]}}").filter());
    }

    @Test
    void pagesAndSortsAsAsked() {
        Query query = parse("{\"filter\":{},\"sort\":{\"createdAt\":\"descending\",\"id\":\"ascending\"},\"page\":1,\"pageSize\":50,\"countTotal\":false}");

        assertThat(query.sort())
                .containsExactly(new SortKey(Member.ITEM_CREATED_AT, true), new SortKey(Member.ITEM_ID, false));
        assertThat(query.page()).isEqualTo(1);
        assertThat(query.pageSize()).isEqualTo(50);
        assertThat(query.countTotal()).isFalse();
        assertThat(parse("{\"filter\":{}}").pageSize()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2022-05-01 | 2022-05-01T00:00:00Z",
        "2022-05-01T10:00 | 2022-05-01T10:00:00Z",
        "2022-05-01T10:00:00.123456+02:00 | 2022-05-01T08:00:00.123456Z",
        "2022-05-01 10:00:00+0230 | 2022-05-01T07:30:00Z"
    })
    void readsDates(String spelled, String instant) {
        Query query = parse("{\"filter\":{\"createdAt\":\"" + spelled + "\"}}");

        assertThat(query.filter())
                .isEqualTo(new Filter.Equal(new Field.Column(Member.ITEM_CREATED_AT), new Value.Moment(java.time.Instant.parse(instant))));
    }

    @Test
    void randomTreesAreReadOrRefused() {
        Random random = new Random(5);
        int count = Boolean.getBoolean("soak") ? 100_000 : 5_000;
        int read = 0;
        for (int i = 0; i < count; i++) {
            JsonNode tree = RandomQueries.tree(random, 0);
            for (Resource resource : Resource.values()) {
                try {
                    SqlCondition.of(parser.parse(new JsonPlace(tree, ""), resource), 1, "d");
                    read++;
                } catch (RequestRefused refused) {
                    assertThat(refused.type().status()).as(tree.toString()).isEqualTo(400);
                    assertThat(refused.pointer()).as(tree.toString()).isNotNull();
                }
            }
        }
        assertThat(read).as("some are queries").isGreaterThan(count / 100);
    }

    private static String nested(int depth) {
        return "{\"filter\":" + "{\"$and\":[".repeat(depth) + "{\"name\":\"a\"}" + "]}".repeat(depth) + "}";
    }

    private static String conditions(int count) {
        return IntStream.range(0, count).mapToObj(i -> "{\"name\":\"" + i + "\"}").collect(Collectors.joining(",", "{\"filter\":{\"$or\":[", "]}}"));
    }

    private Query parse(String query) {
        return parser.parse(StrictJson.object(query), Resource.ITEMS);
    }

    private RequestRefused refusal(String query) {
        RequestRefused refused = catchThrowableOfType(RequestRefused.class, () -> parse(query));
        assertThat(refused).as(query).isNotNull();
        return refused;
    }
}
