package io.datasetexport.selection;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Items and queries about them, all from one seed. They are made of few values, so that queries find something. */
final class RandomQueries {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<JsonNode> VALUES = List.of(
            "\"front\"", "\"Front\"", "\"back\"", "\"\"", "\"5\"", "\"5.0\"", "\"05\"", "\"-3\"", "\"1e2\"", "\" 5\"", "\"a*b\"", "\"a%b\"",
            "\"a_b\"", "\"a?b\"", "\"aXb\"", "\"a\\\\b\"", "\"a\\\"b\"", "\"é\"", "\"e\\u0301\"", "\"🐈\"", "\"日本\"", "\"null\"", "\"true\"",
            "\"2022-05-01T00:00:00.000Z\"", "\"12345678901234567891\"", "5", "5.0", "-3", "100", "0", "-0.0", "0.8", "1e2",
            "12345678901234567890", "12345678901234567891", "1e300", "true", "false", "null", "[]", "[null]", "[5]", "[\"5\"]", "[1,\"front\"]",
            "[[]]", "[[5]]", "[[1,\"front\"]]", "{}", "{\"id\":\"t1\"}", "[{\"id\":\"t1\"}]",
            "[{\"id\":\"t1\",\"s\":{\"n\":5}},{\"id\":\"t2\",\"s\":{\"n\":\"5\"}}]",
            "[{\"id\":[\"t1\",5]},{}]", "[[{\"id\":\"t1\"}]]", "{\"s\":[{\"n\":5},{\"n\":null}]}", "[{\"id\":\"t2\",\"s\":[{\"n\":100}]},7]")
            .stream().map(RandomQueries::json).toList();
    private static final List<String> PATTERNS =
            List.of("*", "?", "a?b", "a*", "*b", "*%*", "*_*", "??", "*\\*", "f*t", "*ront", "/train/*", "*.jpg", "*é*", "2022*", "", "5*", "*\"*");
    private static final List<String> DATES = List.of(
            "2022-05-01T00:00:00.000Z", "2022-05-01T00:00:00.001Z", "2022-05-01", "2022-05-31T23:59:59.999Z", "2022-05-01T00:00:00.0005Z",
            "1969-12-31T23:59:59.999Z", "2022-05-01T02:00:00+02:00");
    private static final List<String> FILES =
            List.of("/a.jpg", "/train/a.jpg", "/train/b.png", "/train/deep/a.jpg", "/trainer/é.jpg", "/val/50%.txt", "/val/a_b", "/日本/🐈.jpg");
    private static final List<String> PEOPLE = List.of("user1@example.com", "user2@example.com", "é", "");
    private static final List<String> LABELS = List.of("cat", "dog", "cat.small", "日本", "");
    private static final List<String> TYPES = List.of("box", "segment", "point");

    private final Random random;

    RandomQueries(long seed) {
        this.random = new Random(seed);
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    JsonNode item(int number) {
        ObjectNode item = NODES.objectNode();
        String filename = any(FILES);
        item.put("id", "i" + number).put("filename", filename);
        item.put("dir", filename.lastIndexOf('/') == 0 ? "/" : filename.substring(0, filename.lastIndexOf('/')));
        item.put("name", once(4) ? "other" : filename.substring(filename.lastIndexOf('/') + 1));
        item.put("type", once(6) ? "dir" : "file").put("hidden", once(5)).put("datasetId", "d");
        if (!once(4)) {
            item.set("annotated", any(List.of(json("true"), json("false"), json("\"discarded\""), json("null"))));
        }
        if (!once(3)) {
            item.set("annotationsCount", any(List.of(json("0"), json("5"), json("100"), json("null"), json("\"5\""))));
        }
        people(item);
        if (once(2)) {
            item.set("description", any(VALUES));
        }
        if (once(3)) {
            item.put("spec", any(List.of("MasterItemSpec", "ClonedItemSpec")));
        }
        item.set("metadata", metadata());
        ArrayNode annotations = item.putArray("annotations");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            ObjectNode annotation = annotations.addObject();
            annotation.put("id", "a" + number + "-" + i).put("type", any(TYPES)).put("datasetId", "d").put("itemId", "i" + number);
            if (!once(5)) {
                annotation.put("label", any(LABELS));
            }
            if (!once(3)) {
                annotation.set("attributes", any(VALUES));
            }
            people(annotation);
            if (once(2)) {
                annotation.put("source", any(List.of("ui", "sdk")));
            }
            annotation.set("metadata", metadata());
        }
        return item;
    }

    private void people(ObjectNode row) {
        for (String who : List.of("creator", "updatedBy")) {
            if (!once(3)) {
                row.put(who, any(PEOPLE));
            } else if (once(2)) {
                row.set(who, any(List.of(json("null"), json("5"))));
            }
        }
        for (String when : List.of("createdAt", "updatedAt")) {
            if (!once(3)) {
                row.put(when, any(List.of("2022-05-01T00:00:00.000Z", "2022-05-01T00:00:00.001Z", "2022-05-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z")));
            } else if (once(2)) {
                row.set(when, any(List.of(json("null"), json("\"yesterday\""))));
            }
        }
    }

    private ObjectNode metadata() {
        ObjectNode metadata = NODES.objectNode();
        for (String top : List.of("system", "user")) {
            if (!once(5)) {
                ObjectNode below = metadata.putObject(top);
                for (String name : List.of("size", "refs", "x")) {
                    if (!once(4)) {
                        below.set(name, any(VALUES));
                    }
                }
            }
        }
        if (once(5)) {
            metadata.set("user", any(VALUES));
        }
        return metadata;
    }

    private String field(boolean items) {
        return any(List.of(
                "id", "filename", "dir", "name", "type", "hidden", "datasetId", "annotated", "annotationsCount", "creator", "updatedBy",
                "createdAt", "updatedAt", "description", "spec", "metadata.user.x", "metadata.user.x", "metadata.system.size",
                "metadata.system.size", "metadata.system.refs", "metadata.system.refs.id", "metadata.system.refs.s.n", "metadata.user",
                "metadata.user.id", "metadata", "metadata.nothing.here"))
                .transform(name -> items ? name : switch (name) {
                    case "filename" -> "label";
                    case "dir" -> "itemId";
                    case "name" -> "label";
                    case "hidden" -> "type";
                    case "annotated", "annotationsCount" -> "attributes";
                    case "description" -> "source";
                    case "spec" -> "source";
                    default -> name;
                });
    }

    private JsonNode operand(String field) {
        if (field.endsWith("At")) {
            return once(6) ? any(List.of(json("null"), json("true"), json("1651363200000"), json("1651363200000.5"), json("[]")))
                    : NODES.stringNode(any(DATES));
        }
        return switch (random.nextInt(8)) {
            case 0 -> NODES.stringNode(any(PATTERNS));
            case 1 -> NODES.stringNode(any(FILES));
            case 2, 3 -> NODES.stringNode(any(any(List.of(PEOPLE, LABELS, TYPES, List.of("file", "dir", "d", "i5", "a5-0", "/train", "ui", "discarded")))));
            default -> any(VALUES);
        };
    }

    ObjectNode filter(boolean items, int depth) {
        ObjectNode filter = NODES.objectNode();
        int clauses = once(4) ? 2 : 1;
        for (int i = 0; i < clauses; i++) {
            if (depth < 3 && once(3)) {
                ArrayNode parts = filter.putArray(once(2) ? "$and" : "$or");
                int count = 1 + random.nextInt(3);
                for (int part = 0; part < count; part++) {
                    parts.add(filter(items, depth + 1));
                }
            } else {
                String field = field(items);
                filter.set(field, condition(field));
            }
        }
        return filter;
    }

    private JsonNode condition(String field) {
        JsonNode plain = operand(field);
        if (once(4) && !plain.isObject()) {
            return plain;
        }
        ObjectNode operators = NODES.objectNode();
        int count = once(5) ? 2 : 1;
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(10)) {
                case 0 -> operators.set("$eq", operand(field));
                case 1 -> operators.set("$ne", operand(field));
                case 2 -> operators.set("$gt", operand(field));
                case 3 -> operators.set("$gte", operand(field));
                case 4 -> operators.set("$lt", operand(field));
                case 5 -> operators.set("$lte", operand(field));
                case 6 -> operators.set("$in", list(field));
                case 7 -> operators.set("$nin", list(field));
                case 8 -> operators.put("$exists", once(2));
                default -> operators.set("$match", field.endsWith("At") ? operand(field) : element(0));
            }
        }
        return operators;
    }

    private ArrayNode list(String field) {
        ArrayNode list = NODES.arrayNode();
        int count = once(20) ? 80 : random.nextInt(5);
        for (int i = 0; i < count; i++) {
            list.add(operand(field));
        }
        return list;
    }

    private ObjectNode element(int depth) {
        ObjectNode element = NODES.objectNode();
        if (depth < 2 && once(4)) {
            element.putArray(once(2) ? "$and" : "$or").add(element(depth + 1)).add(element(depth + 1));
        } else if (once(3)) {
            element.putObject("s").set("n", condition("n"));
        } else {
            String field = any(List.of("id", "s.n", "s"));
            JsonNode condition = condition(field);
            element.set(field, condition);
        }
        return element;
    }

    ObjectNode query(boolean items, int depth) {
        ObjectNode query = NODES.objectNode();
        query.put("resource", items ? "items" : "annotations");
        query.set("filter", once(5) ? NODES.objectNode() : filter(items, 0));
        if (once(3)) {
            ObjectNode join = query.putObject("join");
            join.putObject("on").put("resource", items ? "annotations" : "items").put("local", items ? "itemId" : "id").put("forigen", items ? "id" : "itemId");
            join.set("filter", once(6) ? NODES.objectNode() : filter(!items, 1));
        }
        for (String with : List.of("intersect", "except")) {
            if (depth < 2 && once(5)) {
                query.putObject(with).set("query", query(items, depth + 1));
            }
        }
        return query;
    }

    /** Any JSON, with the language's own words in it. */
    static JsonNode tree(Random random, int depth) {
        List<String> words = List.of(
                "filter", "$and", "$or", "$in", "$eq", "$gt", "$match", "$exists", "$not", "name", "metadata.user.x", "createdAt", "join", "on",
                "resource", "intersect", "query", "except", "sort", "page", "items", "", "a..b", "$", "'); drop table item;--", "hidden", "update");
        if (depth == 0) {
            ObjectNode root = NODES.objectNode();
            root.set("filter", tree(random, 1));
            if (random.nextInt(3) == 0) {
                root.set(words.get(random.nextInt(words.size())), tree(random, 1));
            }
            return root;
        }
        int kind = random.nextInt(depth > 8 ? 4 : 8);
        return switch (kind) {
            case 0 -> NODES.stringNode(words.get(random.nextInt(words.size())));
            case 1 -> VALUES.get(random.nextInt(VALUES.size()));
            case 2 -> NODES.booleanNode(random.nextBoolean());
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> {
                ArrayNode list = NODES.arrayNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    list.add(tree(random, depth + 1));
                }
                yield list;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    object.set(words.get(random.nextInt(words.size())), tree(random, depth + 1));
                }
                yield object;
            }
        };
    }
}
