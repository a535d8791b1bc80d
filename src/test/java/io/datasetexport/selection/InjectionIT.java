package io.datasetexport.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.RequestRefused;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** No string of a query becomes text of a statement, whatever it holds. */
class InjectionIT {

    private static final List<String> HOSTILE = List.of(
            "'); DROP TABLE item; --", "\\", "\\'", "$$", "$1", "?", "??", "${x}", ":x", "\"", "\\\"", "\") || (1 == 1", "/* */", "%", "_", "\n", "]", "'",
            "$.a");

    private static StoredDataset dataset;

    @BeforeAll
    static void store() throws SQLException {
        dataset = StoredDataset.of("[{\"id\":\"i\",\"filename\":\"/i\",\"annotations\":[{\"id\":\"a\",\"type\":\"box\"}]}]");
    }

    @AfterAll
    static void drop() throws SQLException {
        dataset.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'filter':{'name':'SLOT'}}",
        "{'filter':{'name':{'$ne':'SLOT'}}}",
        "{'filter':{'filename':{'$gt':'SLOT'}}}",
        "{'filter':{'dir':{'$in':['SLOT','b']}}}",
        "{'filter':{'datasetId':'SLOT'}}",
        "{'filter':{'annotated':'SLOT'}}",
        "{'filter':{'metadata.user.x':'SLOT'}}",
        "{'filter':{'metadata.user.x':{'$lt':'SLOT'}}}",
        "{'filter':{'metadata.user.x':{'$in':['SLOT','b',true]}}}",
        "{'filter':{'metadata.user.x':['SLOT']}}",
        "{'filter':{'metadata.user.x':{'$eq':{'SLOT':'SLOT'}}}}",
        "{'filter':{'metadata.user.x':{'$match':{'y':'SLOT'}}}}",
        "{'filter':{},'join':{'on':{'resource':'annotations','local':'itemId','forigen':'id'},'filter':{'label':'SLOT'}}}",
        "{'filter':{},'except':{'query':{'filter':{'creator':'SLOT'}}}}",
        "{'resource':'annotations','filter':{'attributes':'SLOT','itemId':'SLOT'}}"
    })
    void aStringIsAValue(String query) throws SQLException {
        Set<String> statements = new HashSet<>();
        for (String hostile : HOSTILE) {
            String slot = JsonNodeFactory.instance.stringNode(hostile).toString();
            var tree = new JsonMapper().readTree(query.replace('\'', '"').replace("\"SLOT\"", slot));
            Resource resource = tree.has("resource") ? Resource.ANNOTATIONS : Resource.ITEMS;
            Query parsed = StoredDataset.parse(new JsonPlace(tree, ""), resource);
            statements.add(SqlCondition.of(parsed, 1, "d").text());

            assertThat(dataset.find(parsed)).as(hostile).isSubsetOf("i", "a");
        }
        // One for strings and one for patterns.
        assertThat(statements).hasSizeBetween(1, 2);
        assertThat(dataset.find("{\"filter\":{}}")).as("the tables are there").containsExactly("i");
    }

    @Test
    void aNameIsAValueOrRefused() throws SQLException {
        for (String hostile : HOSTILE) {
            var tree = JsonNodeFactory.instance.objectNode();
            tree.putObject("filter").put("metadata.user." + hostile, "x");
            try {
                assertThat(dataset.find(StoredDataset.parse(new JsonPlace(tree, ""), Resource.ITEMS))).as(hostile).isEmpty();
            } catch (RequestRefused refused) {
                assertThat(refused.type().id()).isEqualTo("invalid-field-path");
            }
        }
    }

    @Test
    void stringsAreFoundAsTheyAre() throws SQLException {
        for (String hostile : HOSTILE) {
            if (hostile.contains("?") || hostile.contains("*")) {
                continue;
            }
            String json = JsonNodeFactory.instance.stringNode(hostile).toString();
            try (StoredDataset stored = StoredDataset.of("[{\"id\":\"i\",\"filename\":\"/i\",\"description\":" + json
                    + ",\"metadata\":{\"user\":{\"x\":" + json + "}}},{\"id\":\"j\",\"filename\":\"/j\",\"metadata\":{\"user\":{\"x\":\"y\"}}}]")) {
                assertThat(stored.find("{\"filter\":{\"metadata.user.x\":" + json + "}}")).as(hostile).containsExactly("i");
                assertThat(stored.find("{\"filter\":{\"description\":" + json + "}}")).as(hostile).containsExactly("i");
            }
        }
    }

    @Test
    void randomTreesNeverMakeABadStatement() throws SQLException {
        Random random = new Random(7);
        int count = Boolean.getBoolean("soak") ? 20_000 : 1_000;
        for (int i = 0; i < count; i++) {
            var tree = RandomQueries.tree(random, 0);
            try {
                dataset.find(StoredDataset.parse(new JsonPlace(tree, ""), Resource.ITEMS));
            } catch (RequestRefused refused) {
                assertThat(refused.type().status()).as(tree.toString()).isEqualTo(400);
            } catch (SQLException e) {
                throw new AssertionError(tree.toString(), e);
            }
        }
    }
}
