package io.datasetexport.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.RequestRefused;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class SearchTextTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "annotated = true | {'annotated':{'$eq':true}}",
        "annotated=false | {'annotated':{'$eq':false}}",
        "name != 'a b' | {'name':{'$ne':'a b'}}",
        "metadata.system.width >= 1920 | {'metadata.system.width':{'$gte':1920}}",
        "metadata.system.width>-1.5 | {'metadata.system.width':{'$gt':-1.5}}",
        "metadata.system.size < \"5242880\" | {'metadata.system.size':{'$lt':'5242880'}}",
        "annotationsCount <= 3 | {'annotationsCount':{'$lte':3}}",
        "name = *cam1* | {'name':{'$eq':'*cam1*'}}",
        "creator = user1@example.com | {'creator':{'$eq':'user1@example.com'}}",
        "name IN 'a', \"b\" ,c | {'name':{'$in':['a','b','c']}}",
        "name NOT-IN ('a', 1) | {'name':{'$nin':['a',1]}}",
        "name in [a,null] | {'name':{'$in':['a',null]}}",
        "metadata.user.x EXISTS | {'metadata.user.x':{'$exists':true}}",
        "metadata.user.x DOESNT-EXIST | {'metadata.user.x':{'$exists':false}}",
        "'metadata.user.my key' = \"it's\" | {'metadata.user.my key':{'$eq':`it's`}}",
        "createdAt > (01/05/2022 00:00:00) | {'createdAt':{'$gt':1651363200000}}",
        "createdAt > ( 1/5/2022 ) | {'createdAt':{'$gt':1651363200000}}",
        "createdAt IN ((01/05/2022 00:00:00),(01/05/2022 00:00:01)) | {'createdAt':{'$in':[1651363200000,1651363201000]}}",
        "name = 'AND' AND dir = OR | {'$and':[{'name':{'$eq':'AND'}},{'dir':{'$eq':'OR'}}]}",
        "name = a OR name = b and dir = c | {'$or':[{'name':{'$eq':'a'}},{'$and':[{'name':{'$eq':'b'}},{'dir':{'$eq':'c'}}]}]}"
    })
    void saysWhatJsonSays(String text, String json) {
        String filter = json.replace("`it's`", "\"it#s\"").replace('\'', '"').replace('#', '\'');

        assertThat(parse(string(text)).filter()).isEqualTo(parse("{\"filter\":" + filter + "}").filter());
        assertThat(parse("{\"filter\":" + string(text) + ",\"page\":2}")).extracting(Query::filter, Query::page)
                .containsExactly(parse("{\"filter\":" + filter + "}").filter(), 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "`` | 0",
        "`  ` | 2",
        "name | 4",
        "name = | 6",
        "name = 'a | 7",
        "name ~ a | 5",
        "= a | 0",
        "name = a b | 9",
        "name = a AND | 12",
        "(name = a) | 0",
        "name = a) | 8",
        "name IN (a | 10",
        "name = (31/02/2022 00:00:00) | 7"
    })
    void saysWhereItStopsToUnderstand(String text, int character) {
        RequestRefused refused = refusal("{\"filter\":" + string(text) + "}");

        assertThat(refused.type().id()).as(refused.getMessage()).isEqualTo("invalid-filter");
        assertThat(refused.pointer()).isEqualTo("/filter");
        assertThat(refused.members()).containsEntry("character", character);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "label = cat | unknown-field",
        "createdAt > yesterday | type-mismatch",
        "'metadata.user.x; drop' = 1 | invalid-field-path",
        "$where = 1 | invalid-filter",
        "'$where' = 1 | unknown-operator"
    })
    void isHeldToTheRulesOfTheJson(String text, String type) {
        assertThat(refusal("{\"filter\":" + string(text) + "}").type().id()).isEqualTo(type);
        assertThat(refusal(string(text)).pointer()).isEmpty();
    }

    @Test
    void isBoundedAsTheJsonIs() {
        assertThat(refusal(string("name = a" + " AND name = a".repeat(600))).type().id()).isEqualTo("filter-too-complex");
        assertThat(refusal(string("name IN a" + ",a".repeat(10_000))).type().id()).isEqualTo("filter-too-complex");
    }

    @Test
    void randomTextIsReadOrRefused() {
        Random random = new Random(3);
        String[] parts = {"name", "metadata.user.x", " ", " ", "=", "!=", "<", "IN", "NOT-IN", "EXISTS", "AND", "OR", "'", "\"", "a b", "1", "(", ")",
            "[", ",", "(01/02/2022 10:00:00)", "\\", "$", "\u0000", "日本", "*"};
        int count = Boolean.getBoolean("soak") ? 100_000 : 5_000;
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length >= 0; length--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                parse(string(text.toString()));
            } catch (RequestRefused refused) {
                assertThat(refused.type().status()).as(text.toString()).isEqualTo(400);
            }
        }
    }

    private static String string(String text) {
        return JsonNodeFactory.instance.stringNode(text == null ? "" : text).toString();
    }

    private static RequestRefused refusal(String query) {
        return catchThrowableOfType(RequestRefused.class, () -> parse(query));
    }

    private static Query parse(String query) {
        return new QueryParser(new QueryLimits(20, 500, 10_000)).parse(new JsonPlace(JsonMapper.shared().readTree(query), ""), Resource.ITEMS);
    }
}
