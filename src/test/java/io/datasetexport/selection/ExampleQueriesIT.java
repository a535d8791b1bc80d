package io.datasetexport.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example queries of the platform's language, by number, on eight items of which one is hidden and one is a directory. */
class ExampleQueriesIT {

    private static final String ITEMS =
            """
            [
             {"id":"i1","filename":"/train/cam1-a.jpg","createdAt":"2022-05-01T00:00:00.000Z","annotated":true,"creator":"user1@example.com",
              "metadata":{"system":{"mimetype":"image/jpeg","size":5242881,"width":1920,"tags":{"train":true},
                "refs":[{"id":"task1","type":"task","metadata":{"status":"completed","creator":"x"}},{"id":"task2","metadata":{"status":"assigned"}}]},
               "user":{"camera":"front"}},
              "annotations":[{"id":"a1","type":"box","label":"cat","metadata":{"system":{"status":"issue"},"user":{"model":{"confidence":0.9}}}},
                             {"id":"a2","type":"segment","label":"dog","metadata":{"user":{"model":{"confidence":0.8}}}}]},
             {"id":"i2","filename":"/train/b.jpg","createdAt":"2022-05-31T23:59:59.999Z","annotated":true,"creator":"user2@example.com",
              "metadata":{"system":{"mimetype":"image/jpeg","size":"5242881","width":1919,"collections":{"collections3":true},
                "refs":[{"id":"task1","metadata":{"status":"assigned"}},{"id":"task2","metadata":{"status":"completed"}}]},
               "user":{"camera":["back","front"]}},
              "annotations":[{"id":"a3","type":"segment","label":"cat","metadata":{"user":{"model":{"confidence":"0.95"}}}},
                             {"id":"a4","type":"box","label":"dog"}]},
             {"id":"i3","filename":"/train/deep/c.jpg.png","createdAt":"2022-06-01T00:00:00.000Z","annotated":false,"creator":"user1@example.com",
              "metadata":{"system":{"mimetype":"image/png","size":5242880,"width":4000,"refs":[]},"user":{}},
              "annotations":[]},
             {"id":"i4","filename":"/val/d_cam2.jpg","createdAt":"2022-04-30T23:59:59.999Z","annotated":"discarded",
              "metadata":{"system":{"mimetype":"image/webp","size":9,"tags":{"train":false},"collections":{"collections3":false}},"user":{"camera":"rear"}},
              "annotations":[{"id":"a5","type":"box","label":"dog"},{"id":"a6","type":"segment","label":"cow"},{"id":"a7","type":"point","label":"cow"}]},
             {"id":"i5","filename":"/video.mp4","createdAt":"2022-05-15T12:00:00.000Z","annotated":true,
              "metadata":{"system":{"mimetype":"video/mp4","size":1000000000,"width":640}},
              "annotations":[{"id":"a8","type":"box","label":"cat"}]},
             {"id":"i6","filename":"/trainer/e.txt","annotated":false,"metadata":{"system":{"mimetype":"text/plain"}},"annotations":[]},
             {"id":"i7","filename":"/train/hidden.jpg","hidden":true,"annotated":true,"createdAt":"2022-05-02T00:00:00.000Z","creator":"user1@example.com",
              "metadata":{"system":{"mimetype":"image/jpeg","size":99999999,"width":5000,"refs":[]},"user":{"camera":"front"}},
              "annotations":[{"id":"a9","type":"box","label":"cat","metadata":{"system":{"status":"issue"}}}]},
             {"id":"i8","filename":"/val","type":"dir","createdAt":"2022-05-02T00:00:00.000Z","annotations":[]}
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

    private static final String CAT =
            "{\"on\":{\"resource\":\"annotations\",\"local\":\"itemId\",\"forigen\":\"id\"},\"filter\":{\"$and\":[{\"label\":\"cat\"}]}}";
    private static final String DOG = CAT.replace("cat", "dog");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "1  | {'resource':'items','filter':{'$and':[{'hidden':false},{'type':'file'}]},'page':0,'pageSize':1000} | i2 i1 i3 i6 i4 i5",
        "2  | {'filter':{'$and':[{'dir':'/train'}]}} | i2 i1",
        "3  | {'filter':{'$or':[{'dir':'/train'},{'dir':'/train/*'}]}} | i2 i1 i3",
        "4  | {'filter':{'$and':[{'filename':'*.jpg'}]}} | i2 i1 i4",
        "5  | {'filter':{'$and':[{'metadata.system.mimetype':'image/*'}]}} | i2 i1 i3 i4",
        "6  | {'filter':{'$and':[{'annotated':true}]}} | i2 i1 i5",
        "6b | {'filter':{'$and':[{'annotated':false}]}} | i3 i6",
        "7  | {'filter':{},'join':{'on':{'resource':'annotations','local':'itemId','forigen':'id'},'filter':{'$and':[{'label':'cat'},{'type':'box'}]}}} | i1 i5",
        "8  | {'filter':{},'join':{'on':{'resource':'annotations','local':'itemId','forigen':'id'},'filter':{'$and':[{'label':{'$in':['cat','dog']}}]}}} | i2 i1 i4 i5",
        "9  | {'filter':{},'join':CAT,'intersect':{'query':{'filter':{},'join':DOG}}} | i2 i1",
        "10 | {'filter':{},'except':{'query':{'filter':{},'join':CAT}}} | i3 i6 i4",
        "11 | {'filter':{'$and':[{'createdAt':{'$gte':'2022-05-01T00:00:00.000Z'}},{'createdAt':{'$lt':'2022-06-01T00:00:00.000Z'}}]}} | i2 i1 i5",
        "12 | {'filter':{'$and':[{'metadata.system.size':{'$gt':5242880}}]}} | i2 i1 i5",
        "12b| {'filter':{'$and':[{'metadata.system.size':{'$gt':'5242880'}}]}} | i2 i1 i5",
        "13 | {'filter':{'$and':[{'metadata.system.width':{'$gte':1920}}]}} | i1 i3",
        "14 | {'filter':{'$or':[{'name':'*cam1*'},{'name':'*cam2*'}]}} | i1 i4",
        "15 | {'filter':{'$and':[{'metadata.user.camera':'front'}]}} | i2 i1",
        "15b| {'filter':{'$and':[{'metadata.user.camera':{'$exists':false}}]}} | i3 i6 i5",
        "16 | {'filter':{'$and':[{'creator':'user1@example.com'}]}} | i1 i3",
        "17 | {'filter':{'$and':[{'metadata.system.refs.id':'task2'}]}} | i2 i1",
        "17b| {'filter':{'$and':[{'metadata.system.refs':[]}]}} | i3",
        "18 | {'filter':{'$and':[{'metadata.system.refs':{'$match':{'id':'task1','metadata':{'status':'completed'}}}}]}} | i1",
        "19 | {'resource':'annotations','filter':{'$and':[{'metadata.system.status':'issue'}]}} | a1 a9",
        "20 | {'resource':'annotations','filter':{'$and':[{'type':{'$in':['box','segment']}}]},'join':{'on':{'resource':'items','local':'id','forigen':'itemId'},'filter':{'$and':[{'dir':'/val'}]}}} | a5 a6",
        "21 | {'resource':'annotations','filter':{'$and':[{'metadata.user.model.confidence':{'$gt':0.8}}]}} | a3 a1",
        "22 | {'filter':{'$and':[{'metadata.system.tags.train':true}]}} | i1",
        "23 | {'filter':{'$and':[{'metadata.system.collections.collections3':true}]}} | i2",
        "24 | {'filter':{'$and':[{'type':'file'}]},'sort':{'createdAt':'descending'},'page':1,'pageSize':50} | i2 i1 i3 i6 i4 i5",
        "25 | {'filter':{},'page':0,'pageSize':0} | i2 i1 i3 i6 i4 i5"
    })
    void finds(String number, String query, String ids) throws SQLException {
        String json = query.replace('\'', '"').replace("CAT", CAT).replace("DOG", DOG);

        assertThat(dataset.find(json)).isEqualTo(List.of(ids.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'filter':{'hidden':true}} | i7",
        "{'filter':{'$or':[{'hidden':true},{'hidden':false}],'dir':'/train'}} | i2 i1 i7",
        "{'filter':{'type':'dir'}} | i8",
        "{'filter':{'type':{'$exists':true}}} | i2 i1 i3 i6 i8 i4 i5"
    })
    void namingAMemberTurnsItsDefaultOff(String query, String ids) throws SQLException {
        assertThat(dataset.find(query.replace('\'', '"'))).isEqualTo(List.of(ids.split(" ")));
    }
}
