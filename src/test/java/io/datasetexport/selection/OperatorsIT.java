package io.datasetexport.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operator on {@code metadata.user.x} where it is missing, null, a string, a number, a list, an object, and on the columns. */
class OperatorsIT {

    private static final String ITEMS =
            """
            [
             {"id":"missing","filename":"/0"},
             {"id":"null","filename":"/1","metadata":{"user":{"x":null}},"createdAt":null,"creator":null},
             {"id":"text","filename":"/2","metadata":{"user":{"x":"b"}},"createdAt":"2022-05-01T10:00:00.123Z","creator":"b"},
             {"id":"unicode","filename":"/3","metadata":{"user":{"x":"日本🐈"}},"createdAt":"2022-05-02T00:00:00.000Z","creator":"日本🐈"},
             {"id":"number","filename":"/4","metadata":{"user":{"x":5}},"creator":5},
             {"id":"spelled","filename":"/5","metadata":{"user":{"x":"5.0"}},"creator":"5.0"},
             {"id":"flag","filename":"/6","metadata":{"user":{"x":true}}},
             {"id":"list","filename":"/7","metadata":{"user":{"x":["b",7,null]}}},
             {"id":"empty","filename":"/8","metadata":{"user":{"x":[]}}},
             {"id":"object","filename":"/9","metadata":{"user":{"x":{"n":5,"m":"b"}}}},
             {"id":"objects","filename":"/a","metadata":{"user":{"x":[{"n":5,"m":"c"},{"n":6,"m":"b"},"b"]}}}
            ]""";

    private static StoredDataset dataset;

    @BeforeAll
    static void store() throws SQLException {
        dataset = StoredDataset.of(ITEMS);
    }

    @AfterAll
    static void drop() throws SQLException {
        dataset.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'metadata.user.x':'b' | text list objects",
        "'metadata.user.x':{'$eq':'日本🐈'} | unicode",
        "'metadata.user.x':{'$eq':5} | number spelled",
        "'metadata.user.x':'5' | number spelled",
        "'metadata.user.x':true | flag",
        "'metadata.user.x':null | missing null list",
        "'metadata.user.x':[] | empty",
        "'metadata.user.x':['b',7.0,null] | list",
        "'metadata.user.x':['b',7] | ",
        "'metadata.user.x':{'$eq':{'m':'b','n':5.0}} | object",
        "'metadata.user.x':'?' | text list objects",
        "'metadata.user.x':'日*' | unicode",
        "'metadata.user.x':'日本?' | unicode",
        "'metadata.user.x':{'$ne':'b'} | missing null unicode number spelled flag empty object",
        "'metadata.user.x':{'$ne':null} | text unicode number spelled flag empty object objects",
        "'metadata.user.x':{'$ne':5} | missing null text unicode flag list empty object objects",
        "'metadata.user.x':{'$gt':4.9} | number spelled list",
        "'metadata.user.x':{'$gt':5} | list",
        "'metadata.user.x':{'$gte':'5'} | text unicode number spelled list objects",
        "'metadata.user.x':{'$gt':'a'} | text unicode list objects",
        "'metadata.user.x':{'$gt':'b'} | unicode",
        "'metadata.user.x':{'$lt':6} | number spelled",
        "'metadata.user.x':{'$lte':5} | number spelled",
        "'metadata.user.x':{'$lt':true} | ",
        "'metadata.user.x':{'$lt':null} | ",
        "'metadata.user.x':{'$gt':[]} | ",
        "'metadata.user.x':{'$in':[5,'日*',{},null]} | missing null unicode number spelled list",
        "'metadata.user.x':{'$in':[]} | ",
        "'metadata.user.x':{'$in':[[]]} | empty",
        "'metadata.user.x':{'$nin':[5,'日*',{},null]} | text flag empty object objects",
        "'metadata.user.x':{'$nin':[]} | missing null text unicode number spelled flag list empty object objects",
        "'metadata.user.x':{'$exists':true} | null text unicode number spelled flag list empty object objects",
        "'metadata.user.x':{'$exists':false} | missing",
        "'metadata.user.x.n':5 | object objects",
        "'metadata.user.x.n':{'$gt':5} | objects",
        "'metadata.user.x.n':{'$exists':false} | missing null text unicode number spelled flag list empty",
        "'metadata.user.x':{'$match':{'n':5,'m':'b'}} | object",
        "'metadata.user.x':{'$match':{'n':{'$gte':5},'m':'b'}} | object objects",
        "'metadata.user.x':{'$match':{'$or':[{'n':6},{'m':'z'}]}} | objects",
        "'metadata.user.x':{'$match':{'z':{'$exists':false}}} | object objects",
        "'metadata.user.x':{'$match':'b'} | text list objects",
        "'metadata.user.x':{'$gte':5,'$lt':7} | number spelled",
        "'creator':'b' | text",
        "'creator':'5' | ",
        "'creator':5 | ",
        "'creator':'日本?' | unicode",
        "'creator':null | missing null flag list empty object objects",
        "'creator':{'$ne':'b'} | missing null unicode number spelled flag list empty object objects",
        "'creator':{'$nin':['b','日*']} | missing null number spelled flag list empty object objects",
        "'creator':{'$in':['b',null]} | missing null text flag list empty object objects",
        "'creator':{'$exists':true} | null text unicode number spelled",
        "'creator':{'$exists':false} | missing flag list empty object objects",
        "'creator':{'$gt':'b'} | unicode",
        "'creator':{'$gt':4} | ",
        "'createdAt':'2022-05-01T10:00:00.123Z' | text",
        "'createdAt':'2022-05-01T12:00:00.123+02:00' | text",
        "'createdAt':'2022-05-02' | unicode",
        "'createdAt':1651449600000 | unicode",
        "'createdAt':{'$gt':'2022-05-01T10:00:00.123Z'} | unicode",
        "'createdAt':{'$gte':'2022-05-01T10:00:00.123Z'} | text unicode",
        "'createdAt':{'$lte':'2022-05-01T10:00:00.123Z'} | text",
        "'createdAt':{'$lt':'2022-05-01T10:00:00.123Z'} | ",
        "'createdAt':{'$in':['2022-05-01T10:00:00.123Z','2022-05-02']} | text unicode",
        "'createdAt':{'$ne':'2022-05-02'} | missing null text number spelled flag list empty object objects",
        "'createdAt':{'$exists':true} | null text unicode",
        "'createdAt':null | missing null number spelled flag list empty object objects",
        "'createdAt':true | ",
        "'datasetId':'d' | missing null text unicode number spelled flag list empty object objects",
        "'datasetId':'other' | ",
        "'filename':{'$lt':'/2'} | missing null",
        "'hidden':false | missing null text unicode number spelled flag list empty object objects",
        "'hidden':'false' | ",
        "'hidden':{'$in':[true]} | ",
        "'hidden':{'$gt':false} | "
    })
    void finds(String condition, String ids) throws SQLException {
        List<String> expected = ids == null ? List.of() : List.of(ids.split(" "));

        assertThat(dataset.find("{\"filter\":{" + condition.replace('\'', '"') + "}}")).isEqualTo(expected);
    }

    @Test
    void listsMayBeLong() throws SQLException {
        String many = "[\"b\"," + "\"z\",1234,\"q*\",[1],".repeat(500) + "true]";

        assertThat(dataset.find("{\"filter\":{\"metadata.user.x\":{\"$in\":" + many + "}}}")).containsExactly("text", "flag", "list", "objects");
        assertThat(dataset.find("{\"filter\":{\"id\":{\"$in\":" + many.replace("\"b\"", "\"text\"") + "}}}")).containsExactly("text");
    }

    @Test
    void metadataThatJsonbCannotHoldIsNotSearched() throws SQLException {
        try (StoredDataset other =
                StoredDataset.of("[{\"id\":\"i\",\"filename\":\"/i\",\"annotations\":[{\"id\":\"a\",\"type\":\"box\"},{\"id\":\"b\",\"type\":\"box\"}]}]")) {
            other.sql("update annotation set metadata = '{\"user\":{\"x\":\"\\u0000\",\"y\":1}}' where id = 'a'");
            other.sql("update annotation set metadata = '{\"user\":{\"x\":\"0\",\"y\":1}}' where id = 'b'");

            assertThat(other.find("{\"resource\":\"annotations\",\"filter\":{\"metadata.user.y\":1}}")).containsExactly("b");
        }
    }
}
