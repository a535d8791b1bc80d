package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.MaskDecoder;
import io.datasetexport.raster.RunLengths;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    @Test
    void holdsTheShapesOfRealFiles() throws IOException {
        Path real = Path.of("../shared/data/real");
        Assumptions.assumeTrue(Files.isDirectory(real));
        List<Path> files;
        try (Stream<Path> all = Files.walk(real)) {
            files = all.filter(file -> file.toString().endsWith(".json")).filter(CocoImportIT::isCoco).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(30);
        for (Path file : files) {
            dataset.execute("delete from item; delete from label; update dataset set next_label_number = 0");
            JsonNode coco = JsonMapper.shared().readTree(Files.readAllBytes(file));
            ImportReport report = load(Files.readString(file));
            check(file, coco, report);
        }
    }

    private void check(Path file, JsonNode coco, ImportReport report) {
        Map<Long, String> categories = new HashMap<>();
        coco.path("categories").forEach(category -> categories.put(category.get("id").longValue(), category.get("name").stringValue()));
        Map<String, String> names = new HashMap<>();
        coco.get("images").forEach(image -> names.put(image.get("id").asString(), image.get("file_name").stringValue()));
        List<String> expected = new ArrayList<>();
        List<double[]> boxes = new ArrayList<>();
        for (JsonNode annotation : coco.get("annotations")) {
            JsonNode shape = annotation.path("segmentation");
            String start = names.get(annotation.get("image_id").asString()) + " " + categories.get(annotation.path("category_id").asLong(-1)) + " ";
            if (shape.isObject()) {
                expected.add(start + "binary " + area(shape));
            } else if (shape.isArray() && !shape.isEmpty() && !shape.get(0).isEmpty()) {
                shape.forEach(part -> expected.add(start + "segment " + part.size() / 2));
            } else if (annotation.has("bbox")) {
                expected.add(start + "box 2");
                JsonNode box = annotation.get("bbox");
                boxes.add(new double[] {box.get(0).asDouble(), box.get(1).asDouble(), box.get(2).asDouble(), box.get(3).asDouble()});
            }
        }
        List<String> found = new ArrayList<>();
        List<double[]> foundBoxes = new ArrayList<>();
        for (String row : dataset.rows("select substr(i.filename, 2), l.segments[array_length(l.segments, 1)], a.type, a.coordinates from annotation a"
                + " join item i on i.key = a.item_key left join label l on l.dataset_key = a.dataset_key and l.path = a.label"
                + " where a.type in ('box', 'segment', 'binary')")) {
            String[] cells = row.split("\\|", 4);
            JsonNode coordinates = JsonMapper.shared().readTree(cells[3]);
            long size = switch (cells[2]) {
                case "segment" -> coordinates.get(0).size();
                case "binary" -> pixels(cells[3]);
                default -> 2;
            };
            found.add(cells[0] + " " + cells[1] + " " + cells[2] + " " + size);
            if (cells[2].equals("box")) {
                double left = coordinates.get(0).get("x").asDouble();
                double top = coordinates.get(0).get("y").asDouble();
                foundBoxes.add(new double[] {
                    left, top, coordinates.get(1).get("x").asDouble() - left, coordinates.get(1).get("y").asDouble() - top
                });
            }
        }
        assertThat(report.items()).as(file.toString()).isEqualTo(coco.get("images").size());
        assertThat(report.labelsAdded()).as(file.toString()).hasSize(coco.path("categories").size());
        assertThat(found).as(file.toString()).containsExactlyInAnyOrderElementsOf(expected);
        for (int i = 0; i < 4; i++) {
            int at = i;
            double[] sums = boxes.stream().mapToDouble(box -> box[at]).sorted().toArray();
            assertThat(foundBoxes.stream().mapToDouble(box -> box[at]).sorted().toArray()).as(file.toString()).containsExactly(sums, offset(1e-9));
        }
    }

    private static int area(JsonNode runLengths) {
        JsonNode counts = runLengths.get("counts");
        int[] runs = counts.isString()
                ? RunLengths.parse(counts.stringValue())
                : counts.values().stream().mapToInt(JsonNode::intValue).toArray();
        int area = 0;
        for (int i = 1; runs != null && i < runs.length; i += 2) {
            area += runs[i];
        }
        return area;
    }

    private static boolean isCoco(Path file) {
        try {
            JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
            return root.isObject() && root.path("images").isArray() && root.path("annotations").isArray();
        } catch (IOException | RuntimeException e) {
            return false;
        }
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
