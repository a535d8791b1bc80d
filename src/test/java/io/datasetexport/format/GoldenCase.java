package io.datasetexport.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.EntryNames;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.SafeNames;
import io.datasetexport.model.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dataset in files: {@code golden/<case>/} among the test resources holds dataset, ontology and items as the platform writes them, and
 * the expected entries of each format below {@code expected}.
 */
public final class GoldenCase {

    private final Path directory;
    private final DatasetFacts facts;
    private final List<AnnotatedItem> items;

    public record AnnotatedItem(Item item, List<Annotation> annotations) {

        /** By label in code-point order, then the source's order. */
        public List<Annotation> byLabel() {
            return annotations.stream()
                    .sorted(Comparator.comparing(Annotation::label, Comparator.nullsFirst(Arrays::compareUnsigned)))
                    .toList();
        }
    }

    private GoldenCase(Path directory) {
        this.directory = directory;
        JsonNode dataset = json(directory.resolve("dataset.json"));
        facts = new DatasetFacts(
                1, dataset.get("id").asString(), dataset.get("name").asString(), 1, null, null,
                labels(json(directory.resolve("ontology.json"))));
        items = readItems();
    }

    /** Reads {@code golden/<name>}. */
    public static GoldenCase of(String name) {
        try {
            return new GoldenCase(Path.of(Objects.requireNonNull(GoldenCase.class.getResource("/golden/" + name)).toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public DatasetFacts facts() {
        return facts;
    }

    /** In export order. */
    public List<AnnotatedItem> items() {
        return items;
    }

    public AnnotatedItem item(String filename) {
        return items.stream().filter(item -> item.item().filename().equals(filename)).findFirst().orElseThrow();
    }

    /** The expected files below {@code expected/<folder>}: text by path from {@code expected} on. */
    public Map<String, String> expected(String folder) {
        Map<String, String> files = new TreeMap<>();
        Path root = directory.resolve("expected");
        if (Files.isDirectory(root.resolve(folder))) {
            for (Path file : files(root.resolve(folder))) {
                files.put(root.relativize(file).toString().replace('\\', '/'), text(file));
            }
        }
        return files;
    }

    private List<AnnotatedItem> readItems() {
        return items(files(directory.resolve("items")).stream().map(GoldenCase::json).toList());
    }

    /** Items of the platform's JSON in export order, with the names of their entries. */
    public static List<AnnotatedItem> items(List<JsonNode> unordered) {
        List<JsonNode> nodes = new ArrayList<>(unordered);
        nodes.sort(Comparator.comparing(node -> node.get("filename").asString().getBytes(UTF_8), Arrays::compareUnsigned));
        List<AnnotatedItem> read = new ArrayList<>();
        Set<String> stems = new HashSet<>();
        long key = 0;
        for (JsonNode node : nodes) {
            EntryNames names = SafeNames.of(node.get("filename").asString(), node.get("name").asString());
            if (!stems.add(names.stem())) {
                names = new EntryNames(names.path(), names.path(), names.flat());
            }
            read.add(new AnnotatedItem(item(++key, node, names), annotations(node.get("annotations"))));
        }
        return read;
    }

    /** An item as the database would hold it; what has no column is left out. */
    public static Item item(long key, JsonNode node, EntryNames names) {
        JsonNode system = node.path("metadata").path("system");
        return new Item(
                key,
                node.get("id").asString(),
                node.get("filename").asString(),
                node.get("dir").asString(),
                node.get("name").asString(),
                node.get("type").asString(),
                node.get("hidden").asBoolean(),
                node.path("annotated").toString(),
                node.path("annotationsCount").asInt(0),
                text(node, "creator"),
                text(node, "createdAt"),
                text(node, "updatedBy"),
                text(node, "updatedAt"),
                text(node, "description"),
                node.get("metadata").toString().getBytes(UTF_8),
                null,
                system.has("width") ? system.get("width").asInt() : null,
                system.has("height") ? system.get("height").asInt() : null,
                text(system, "mimetype"),
                names,
                new Storage.None());
    }

    /** Annotations as the database would hold them, in the list's order. */
    public static List<Annotation> annotations(JsonNode list) {
        List<Annotation> annotations = new ArrayList<>();
        for (JsonNode node : list) {
            annotations.add(new Annotation(
                    annotations.size(),
                    utf8(node.get("id").asString()),
                    utf8(node.get("type").asString()),
                    node.has("label") ? utf8(node.get("label").asString()) : null,
                    raw(node, "attributes"),
                    raw(node, "coordinates"),
                    node.has("metadata") ? node.get("metadata").toString().getBytes(UTF_8) : utf8("{}"),
                    null, null, null, null, null, null, 0));
        }
        return annotations;
    }

    private static List<Label> labels(JsonNode ontology) {
        Map<String, List<String>> paths = new TreeMap<>(Comparator.comparing(GoldenCase::utf8, Arrays::compareUnsigned));
        Map<String, @Nullable String> colors = new LinkedHashMap<>();
        collect(ontology.get("roots"), List.of(), paths, colors);
        List<Label> labels = new ArrayList<>();
        paths.forEach((path, segments) -> labels.add(new Label(labels.size(), path, segments, colors.get(path), SafeNames.segment(path), false)));
        return labels;
    }

    private static void collect(
            JsonNode roots, List<String> parents, Map<String, List<String>> paths, Map<String, @Nullable String> colors) {
        for (JsonNode root : roots) {
            List<String> segments = new ArrayList<>(parents);
            segments.add(root.get("value").get("tag").asString());
            String path = String.join(".", segments);
            paths.put(path, segments);
            colors.put(path, text(root.get("value"), "color"));
            collect(root.get("children"), segments, paths, colors);
        }
    }

    private static List<Path> files(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Path file) {
        return JsonMapper.shared().readTree(text(file));
    }

    private static @Nullable String text(JsonNode node, String member) {
        return node.has(member) ? node.get(member).asString() : null;
    }

    private static byte @Nullable [] raw(JsonNode node, String member) {
        return node.has(member) ? node.get(member).toString().getBytes(UTF_8) : null;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
