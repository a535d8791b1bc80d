package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.MaskDecoder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CocoImportIT {

    private static final String IMAGE = "'images':[{'id':7,'file_name':'a/b.png','width':8,'height':6}]";
    private static final String CATEGORIES = "'categories':[{'id':3,'name':'cat'}]";

    private final TestDataset dataset = new TestDataset();

    @AfterEach
    void drop() {
        dataset.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "-", value = {
        "'bbox':[1.5,2,3,4]|box cat [{'x':1.5,'y':2,'z':0},{'x':4.5,'y':6,'z':0}] {}",
        "'bbox':[0.1,0.2,1e1,0.2],'segmentation':[]|box cat [{'x':0.1,'y':0.2,'z':0},{'x':10.1,'y':0.4,'z':0}] {}",
        "'bbox':[1,1,1,1],'segmentation':[[0,0,1.50,0,1,1]]|segment cat [[{'x':0,'y':0},{'x':1.50,'y':0},{'x':1,'y':1}]] {}",
        "'segmentation':[0,0,1,0,1,1]|segment cat [[{'x':0,'y':0},{'x':1,'y':0},{'x':1,'y':1}]] {}",
        "'segmentation':[[0,0,1,0,1,1],[5,5,6,5,6,6]]|segment cat [[{'x':0,'y':0},{'x':1,'y':0},{'x':1,'y':1}]] {'system':{'objectId':'9'}}"
                + "~segment cat [[{'x':5,'y':5},{'x':6,'y':5},{'x':6,'y':6}]] {'system':{'objectId':'9'}}",
    })
    void turnsShapesIntoThePlatforms(String members, String expected) {
        load("{" + IMAGE + ",'annotations':[{'id':9,'image_id':7,'category_id':3," + members + "}]," + CATEGORIES + "}");

        assertThat(dataset.rows("select type || ' ' || label || ' ' || coordinates || ' ' || metadata from annotation order by ordinal"))
                .containsExactly(expected.replace('\'', '"').split("~"));
    }

    @Test
    void turnsRunLengthsIntoMasks() {
        load("{" + IMAGE + ",'annotations':["
                + "{'id':1,'image_id':7,'category_id':3,'iscrowd':1,'segmentation':{'size':[6,8],'counts':[13,3,3,4,2,3,3,3,14]}},"
                + "{'id':2,'image_id':7,'category_id':3,'segmentation':{'counts':'=331OO10;','size':[6,8]}},"
                + "{'id':3,'image_id':7,'category_id':3,'bbox':[0,0,1,1],'segmentation':{'size':[6,8],'counts':[1]}}]," + CATEGORIES + "}");

        assertThat(dataset.rows("select type, mask_width, mask_height from annotation order by ordinal"))
                .containsExactly("binary|8|6", "binary|8|6", "box|null|null");
        for (String mask : dataset.rows("select coordinates from annotation where type = 'binary'")) {
            assertThat(pixels(mask)).isEqualTo(13);
        }
    }

    @Test
    void turnsKeyPointsIntoPoses() {
        ImportReport report = load("{" + IMAGE + ",'categories':[{'id':3,'name':'person','keypoints':['nose','eye'],'skeleton':[[1,2]]}],"
                + "'annotations':[{'id':1,'image_id':7,'category_id':3,'bbox':[0,0,5,5],'num_keypoints':1,'keypoints':[1,2.5,2,0,0,0]}]}");

        assertThat(dataset
                .rows("select type, label, attributes, coordinates ->> 'x', metadata #>> '{system,parentId}' is not null from annotation order by ordinal"))
                .containsExactly("box|person|null|null|f", "pose|person|null|null|f", "point|nose|[\"visible\"]|1|t", "point|eye|[]|0|t");
        assertThat(dataset.one("select count(distinct p.id) from annotation p join annotation c on c.metadata #>> '{system,parentId}' = p.id")).isEqualTo("1");
        assertThat(dataset.one("select recipe #>> '{metadata,system,collectionTemplates,0,order}' from dataset")).isEqualTo("[\"nose\",\"eye\"]");
        assertThat(report.labelsAdded()).containsExactly("person");
        assertThat(report.lost()).containsExactly("categories.skeleton: 1");
    }

    @Test
    void numbersCategoriesByTheirIdsAndNestsThem() {
        ImportReport report = load("{'images':[],'annotations':[],'categories':[{'id':9,'name':'a'},{'id':2,'name':'z','supercategory':'none'},"
                + "{'id':3,'name':'x','supercategory':'z'},{'id':4,'name':'deep','supercategory':'z.x'},{'id':1,'name':'self','supercategory':'self'},"
                + "{'id':5,'name':'p','supercategory':'q'},{'id':6,'name':'q','supercategory':'p'}]}");

        assertThat(report.labelsAdded()).containsExactly("self", "z", "z.x", "z.x.deep", "p", "p.q", "a");
        assertThat(dataset.rows("select number from label order by number")).containsExactly("0", "1", "2", "3", "4", "5", "6");
        assertThat(report.lost()).containsExactly("categories.supercategory: 3");
    }

    @Test
    void readsSectionsInAnyOrderAndReplacesTheSecondTime() {
        String annotations = "'annotations':[{'id':1,'image_id':7,'category_id':3,'bbox':[1,2,3,4]}]";
        ImportReport first = load("{" + annotations + "," + CATEGORIES + "," + IMAGE + "}");
        String before = dataset.fingerprint();
        ImportReport second = load("{" + IMAGE + "," + annotations + "," + CATEGORIES + "}");

        assertThat(first.created()).isEqualTo(1);
        assertThat(second.replaced()).isEqualTo(1);
        assertThat(dataset.fingerprint()).isEqualTo(before);
        assertThat(dataset.one("select filename, dir, name, width, height, mimetype from item")).isEqualTo("/a/b.png|/a|b.png|8|6|image/png");
    }

    @Test
    void saysWhatItCannotHold() {
        ImportReport report = load("{'info':{},'licenses':[],'images':[{'id':7,'file_name':'b','license':1}],"
                + "'annotations':[{'id':1,'image_id':7,'category_id':3,'caption':'x'},{'id':2,'image_id':7,'segments_info':[]}]," + CATEGORIES + "}");

        assertThat(report.lost()).containsExactly(
                "annotations without a shape: 2", "annotations.caption: 1", "annotations.segments_info: 1", "images.license: 1", "info: 1", "licenses: 1");
        assertThat(report.annotations()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "[]|''",
        "{'annotations':[]}|''",
        "{'images':{}}|/images",
        "{'images':[1]}|/images/0",
        "{'images':[{'id':1}]}|/images/0",
        "{'images':[{'id':1,'file_name':'a'},{'id':1,'file_name':'b'}]}|/images/1",
        "{'images':[{'id':1,'file_name':'a'},{'id':2,'file_name':'a'}]}|/images/1",
        "{'images':[],'categories':[{'id':1}]}|/categories/0",
        "{'images':[],'categories':[{'id':1,'name':'a'},{'id':1,'name':'b'}]}|/categories/1",
        "{'images':[],'annotations':[{}]}|/annotations/0",
        "{'images':[],'annotations':[{'image_id':1}]}|/annotations/0",
        "{'images':[{'id':1,'file_name':'a'}],'annotations':[{'image_id':1,'category_id':5,'bbox':[1,1,1,1]}]}|/annotations/0",
        "{'images':[{'id':1,'file_name':'a'}],'annotations':[{'image_id':1,'bbox':['1']}]}|/annotations/0",
        "{'images':[{'id':1,'file_name':'a'}],'annotations':[{'image_id':1,'segmentation':[[1,2,3]]}]}|/annotations/0",
        "{'images':[{'id':1,'file_name':'a\\u0000'}]}|/images/0/file_name",
        "{'images':[],'images':[]}|/images",
    })
    void refusesABadRecordAndSaysWhere(String body, String pointer) {
        RequestRefused refused = refused(body);

        assertThat(refused.type()).as(refused.getMessage()).isEqualTo(ProblemType.BAD_RECORD);
        if (!pointer.equals("''")) {
            assertThat(refused.pointer()).isEqualTo(pointer);
        }
        assertThat(dataset.one("select (select count(*) from item) + (select count(*) from label)")).isEqualTo("0");
    }

    @Test
    void takesAnImageWithMoreAnnotationsThanFit() {
        StringBuilder body = new StringBuilder("{" + IMAGE + "," + CATEGORIES + ",'annotations':[");
        int count = 60_000;
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",").append("{'id':").append(i).append(",'image_id':7,'category_id':3,'bbox':[").append(i).append(",0,1,1]}");
        }
        ImportReport report = load(body.append("]}").toString());

        assertThat(report.annotations()).isEqualTo(count);
        assertThat(dataset.one("select bool_and((coordinates #>> '{0,x}')::int = ordinal) from annotation")).isEqualTo("t");
    }

    private static int pixels(String json) {
        byte[] text = json.substring(1, json.length() - 1).getBytes(StandardCharsets.US_ASCII);
        return MaskDecoder.decodeBase64(text, 0, text.length) instanceof DecodedMask.Readable decoded ? decoded.mask().count() : -1;
    }

    private ImportReport load(String body) {
        String json = body.contains("\"") ? body : body.replace('\'', '"');
        return dataset.load(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                new ImportOptions(ImportOptions.Format.COCO, ImportOptions.Body.JSON, ImportOptions.Labels.AUTO));
    }

    private RequestRefused refused(String body) {
        try {
            throw new AssertionError("It was accepted: " + load(body));
        } catch (RequestRefused e) {
            return e;
        }
    }
}
