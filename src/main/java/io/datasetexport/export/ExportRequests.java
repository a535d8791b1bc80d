package io.datasetexport.export;

import io.datasetexport.export.ExportRequest.Absent;
import io.datasetexport.export.ExportRequest.ClassNumbers;
import io.datasetexport.export.ExportRequest.CocoPolygons;
import io.datasetexport.export.ExportRequest.Flatten;
import io.datasetexport.export.ExportRequest.Given;
import io.datasetexport.export.ExportRequest.JsonLayout;
import io.datasetexport.export.ExportRequest.Matching;
import io.datasetexport.export.ExportRequest.Naming;
import io.datasetexport.export.ExportRequest.Options;
import io.datasetexport.export.ExportRequest.Pinned;
import io.datasetexport.export.ExportRequest.Profile;
import io.datasetexport.export.ExportRequest.Scope;
import io.datasetexport.export.ExportRequest.SelectedItems;
import io.datasetexport.export.ExportRequest.Sorted;
import io.datasetexport.export.ExportRequest.WholeDataset;
import io.datasetexport.export.ExportRequest.YoloTask;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.model.CodePoints;
import io.datasetexport.model.SafeNames;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.selection.QueryParser;
import io.datasetexport.selection.Resource;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an {@link ExportRequest} from a JSON body or from the parameters of a link; both have the same grammar.
 *
 * <p>Anything that is not understood is refused with its place: a misspelt key must never turn into a whole-dataset export.
 */
@Component
public final class ExportRequests {

    private static final Set<String> OPTIONS =
            Set.of("naming", "flatten", "unavailable", "missing", "classes", "json", "yolo", "coco", "voc", "masks");
    // Which parameter says what, as the place of its value in a body.
    private static final Map<String, String> PARAMETERS = Stream.of(
            "/include", "/scope/itemIds", "/scope/query", "/annotationsQuery", "/filename", "/profile", "/options/naming",
            "/options/flatten", "/options/unavailable", "/options/missing", "/options/classes", "/options/json/layout", "/options/yolo/task",
            "/options/yolo/video", "/options/coco/polygons", "/options/coco/keypoints", "/options/masks/polygons")
            .collect(Collectors.toUnmodifiableMap(ExportRequests::parameter, place -> place));

    private static final Set<String> FLAGS = Set.of("masks.polygons", "yolo.video", "coco.keypoints");

    /** A class list has a line for every number up to the highest. */
    private static final int HIGHEST_CLASS = 65_535;

    private final Limits limits;
    private final QueryParser queries;

    public ExportRequests(Limits limits) {
        this.limits = limits;
        this.queries = new QueryParser(limits.query());
    }

    /** @param body JSON text; an object */
    public ExportRequest fromBody(String body) {
        return request(StrictJson.object(body));
    }

    /** @param parameters decoded, by name */
    public ExportRequest fromParameters(Map<String, List<String>> parameters) {
        for (var parameter : parameters.entrySet()) {
            String name = JsonPlace.shown(parameter.getKey());
            if (!PARAMETERS.containsKey(parameter.getKey())) {
                throw new RequestRefused(
                        ProblemType.UNKNOWN_FIELD,
                        "There is no parameter \"" + name + "\". Known here: "
                                + String.join(", ", new TreeSet<>(PARAMETERS.keySet())) + ".",
                        name);
            }
            if (parameter.getValue().size() > 1 && !isList(parameter.getKey())) {
                throw new RequestRefused(ProblemType.DUPLICATE_KEY, "The parameter \"" + name + "\" is there twice.", name);
            }
        }
        if (parameters.containsKey("itemIds") && parameters.containsKey("query")) {
            throw new RequestRefused(ProblemType.VALIDATION, "An export has itemIds or a query, not both.", "query");
        }
        try {
            return request(new JsonPlace(tree(parameters), ""));
        } catch (RequestRefused refused) {
            throw refused.pointer() == null ? refused : refused.at(parameter(refused.pointer()));
        }
    }

    private ExportRequest request(JsonPlace body) {
        body.only(Set.of("scope", "include", "annotationsQuery", "filename", "profile", "options"));
        Scope scope = scope(body.member("scope"));
        Set<ExportFormat> include = include(body.member("include"));
        JsonPlace annotationsQuery = body.member("annotationsQuery");
        JsonPlace filename = body.member("filename");
        ExportRequest request = new ExportRequest(
                scope,
                include,
                annotationsQuery == null ? null : queries.parse(annotationsQuery, Resource.ANNOTATIONS),
                filename == null ? null : fileName(filename),
                choice(body.member("profile"), Profile.PLATFORM),
                options(body.member("options")));
        NotAvailable.refuse(request);
        return request;
    }

    private static String fileName(JsonPlace filename) {
        String name = Normalizer.normalize(filename.text(), Normalizer.Form.NFC);
        if (!name.equals(SafeNames.segment(name))) {
            throw new RequestRefused(
                    ProblemType.INVALID_FILE_NAME,
                    "The file name must be one that every file system takes: one segment of 1 to 200 bytes without special characters.",
                    filename.pointer());
        }
        return name;
    }

    private Scope scope(@Nullable JsonPlace scope) {
        if (scope == null) {
            return new WholeDataset();
        }
        scope.only(Set.of("type", "itemIds", "query"));
        String type = scope.required("type").text();
        return switch (type) {
            case "dataset" -> {
                without(scope, "itemIds");
                without(scope, "query");
                yield new WholeDataset();
            }
            case "items" -> {
                without(scope, "query");
                yield items(scope.required("itemIds"));
            }
            case "query" -> {
                without(scope, "itemIds");
                yield new Matching(queries.parse(scope.required("query"), Resource.ITEMS));
            }
            default -> throw scope.required("type").refuse("must be dataset, items or query");
        };
    }

    private SelectedItems items(JsonPlace itemIds) {
        List<JsonPlace> elements = itemIds.elements();
        if (elements.isEmpty()) {
            throw itemIds.refuse("must name at least one item");
        }
        if (elements.size() > limits.itemIds()) {
            throw new RequestRefused(
                    ProblemType.TOO_MANY_IDS, "The request names more than " + limits.itemIds() + " items.", itemIds.pointer());
        }
        Set<String> unique = new TreeSet<>(CodePoints.ORDER);
        for (JsonPlace element : elements) {
            if (element.text().isEmpty()) {
                throw element.refuse("must not be empty");
            }
            unique.add(element.text());
        }
        return new SelectedItems(List.copyOf(unique), elements.size());
    }

    private static void without(JsonPlace scope, String member) {
        JsonPlace place = scope.member(member);
        if (place != null) {
            throw place.refuse("does not belong to a scope of type " + scope.required("type").text());
        }
    }

    private static Set<ExportFormat> include(@Nullable JsonPlace include) {
        if (include == null) {
            return EnumSet.of(ExportFormat.JSON);
        }
        Set<ExportFormat> formats = EnumSet.noneOf(ExportFormat.class);
        for (JsonPlace element : include.elements()) {
            ExportFormat format = ExportFormat.named(element.text())
                    .orElseThrow(() -> new RequestRefused(
                            ProblemType.UNKNOWN_FORMAT,
                            "There is no format \"" + JsonPlace.shown(element.text()) + "\". Known: "
                                    + Stream.of(ExportFormat.values()).map(ExportFormat::id).collect(Collectors.joining(", ")) + ".",
                            element.pointer()));
            if (!formats.add(format)) {
                throw element.refuse("is there twice: " + format.id());
            }
        }
        if (formats.isEmpty()) {
            throw include.refuse("must name at least one format");
        }
        return formats;
    }

    private static Options options(@Nullable JsonPlace options) {
        if (options == null) {
            return Options.DEFAULT;
        }
        options.only(OPTIONS);
        JsonPlace voc = options.member("voc");
        if (voc != null) {
            voc.only(Set.of());
        }
        JsonPlace yolo = of(options, "yolo", Set.of("task", "video"));
        JsonPlace coco = of(options, "coco", Set.of("polygons", "keypoints"));
        YoloTask task = choice(member(yolo, "task"), YoloTask.DETECT);
        boolean video = flag(member(yolo, "video"));
        if (video && yolo != null && task != YoloTask.DETECT) {
            throw yolo.required("video").refuse("goes with the task detect only: the lines of videos are boxes");
        }
        return new Options(
                choice(options.member("naming"), Naming.V2),
                choice(options.member("flatten"), Flatten.ITEMS),
                choice(options.member("unavailable"), Absent.FAIL),
                choice(options.member("missing"), Absent.FAIL),
                classes(options.member("classes")),
                choice(member(of(options, "json", Set.of("layout")), "layout"), JsonLayout.FILES),
                task,
                video,
                choice(member(coco, "polygons"), CocoPolygons.LIST),
                flag(member(coco, "keypoints")),
                flag(member(of(options, "masks", Set.of("polygons")), "polygons")));
    }

    private static @Nullable JsonPlace of(JsonPlace options, String format, Set<String> known) {
        JsonPlace place = options.member(format);
        return place == null ? null : place.only(known);
    }

    private static @Nullable JsonPlace member(@Nullable JsonPlace place, String name) {
        return place == null ? null : place.member(name);
    }

    private static boolean flag(@Nullable JsonPlace place) {
        return place != null && place.flag();
    }

    private static ClassNumbers classes(@Nullable JsonPlace classes) {
        if (classes == null) {
            return new Pinned();
        }
        if (!classes.node().isObject()) {
            return switch (classes.text()) {
                case "pinned" -> new Pinned();
                case "sorted" -> new Sorted();
                default -> throw classes.refuse("must be pinned, sorted or an object with a number for each label");
            };
        }
        Map<String, Integer> byLabel = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        for (var number : classes.members().entrySet()) {
            int value = number.getValue().integer();
            if (value < 0 || value > HIGHEST_CLASS || !taken.add(value)) {
                throw number.getValue().refuse("must be a number from 0 to " + HIGHEST_CLASS + " that no other label has");
            }
            byLabel.put(number.getKey(), value);
        }
        if (byLabel.isEmpty()) {
            throw classes.refuse("must number at least one label");
        }
        return new Given(byLabel);
    }

    private static <E extends Enum<E>> E choice(@Nullable JsonPlace place, E otherwise) {
        if (place == null) {
            return otherwise;
        }
        E[] all = otherwise.getDeclaringClass().getEnumConstants();
        for (E value : all) {
            if (ExportRequest.id(value).equals(place.text())) {
                return value;
            }
        }
        throw place.refuse("must be one of " + Stream.of(all).map(ExportRequest::id).collect(Collectors.joining(", ")));
    }

    /** The body that says the same as the parameters. */
    private static ObjectNode tree(Map<String, List<String>> parameters) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (parameters.containsKey("itemIds") || parameters.containsKey("query")) {
            body.putObject("scope").put("type", parameters.containsKey("itemIds") ? "items" : "query");
        }
        for (var parameter : parameters.entrySet()) {
            String place = Objects.requireNonNull(PARAMETERS.get(parameter.getKey()), "unknown parameters were refused");
            String[] steps = place.substring(1).split("/");
            ObjectNode parent = body;
            for (int i = 0; i < steps.length - 1; i++) {
                parent = parent.withObjectProperty(steps[i]);
            }
            parent.set(steps[steps.length - 1], value(parameter.getKey(), parameter.getValue()));
        }
        return body;
    }

    private static JsonNode value(String name, List<String> values) {
        if (isList(name)) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            values.stream().flatMap(value -> Stream.of(value.split(",", -1))).forEach(list::add);
            return list;
        }
        String value = values.getFirst();
        boolean takesJson = name.equals("query") || name.equals("annotationsQuery") || name.equals("classes");
        boolean json = takesJson && (value.stripLeading().startsWith("{") || value.stripLeading().startsWith("["));
        if (json) {
            try {
                return StrictJson.read(value);
            } catch (RequestRefused refused) {
                throw refused.at(name);
            }
        }
        if (FLAGS.contains(name) && (value.equals("true") || value.equals("false"))) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(value));
        }
        return JsonNodeFactory.instance.stringNode(value);
    }

    private static boolean isList(String parameter) {
        return parameter.equals("include") || parameter.equals("itemIds");
    }

    /** The parameter that says what stands at a place of a body. */
    private static String parameter(String pointer) {
        String[] steps = pointer.split("/", -1);
        if (steps.length < 2) {
            return pointer;
        }
        return switch (steps[1]) {
            case "scope" -> steps.length > 2 ? steps[2] : "scope";
            case "options" -> steps.length > 3 && !steps[2].equals("classes") ? steps[2] + "." + steps[3] : steps.length > 2 ? steps[2] : "options";
            default -> steps[1];
        };
    }
}
