package io.datasetexport.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * COCO's categories as labels. A supercategory nests a category only where it is the dotted path of another one; any other is lost.
 *
 * <p>Paths are found from the roots down. A category is a root when no other one could be what its supercategory names; where categories
 * name each other in a circle, the one with the smallest id is.
 */
final class CocoCategories {

    /** As the file says it. */
    record Category(long id, String name, String supercategory, @Nullable String color, List<String> points) {

        Category {
            points = List.copyOf(points);
        }
    }

    private final TreeMap<Long, Category> byId = new TreeMap<>();
    private final Map<Long, List<String>> segments = new HashMap<>();

    /** Refuses a second category of the same id. */
    void add(Category category) {
        if (byId.putIfAbsent(category.id(), category) != null) {
            throw new BadRecord("There are two categories with the id " + category.id() + ".");
        }
    }

    int size() {
        return byId.size();
    }

    @Nullable
    Category get(long id) {
        return byId.get(id);
    }

    /** The dotted path of a category's label. */
    String path(Category category) {
        return String.join(".", segments.getOrDefault(category.id(), List.of(category.name())));
    }

    /** Finds every category's path; what can't be held is counted. */
    void resolve(Lost lost) {
        Map<String, Integer> names = new HashMap<>();
        Map<String, List<Category>> waiting = new HashMap<>();
        byId.values().forEach(category -> names.merge(category.name(), 1, Integer::sum));
        List<Category> later = new ArrayList<>();
        ArrayDeque<Category> resolved = new ArrayDeque<>();
        for (Category category : byId.values()) {
            if (category.supercategory().isEmpty()) {
                root(category, resolved);
            } else if (!mayNest(category, names)) {
                lost.count("categories.supercategory");
                root(category, resolved);
            } else {
                waiting.computeIfAbsent(category.supercategory(), s -> new ArrayList<>()).add(category);
                later.add(category);
            }
        }
        nest(resolved, waiting);
        for (Category category : later) {
            if (!segments.containsKey(category.id())) {
                lost.count("categories.supercategory");
                root(category, resolved);
                nest(resolved, waiting);
            }
        }
        Set<String> paths = new HashSet<>();
        for (Category category : byId.values()) {
            if (!paths.add(path(category))) {
                lost.count("categories of one name");
            }
        }
    }

    /** By ascending id. */
    List<LabelSpec> labels() {
        return byId.values().stream()
                .map(category -> LabelSpec.of(segments.getOrDefault(category.id(), List.of(category.name())), category.color()))
                .toList();
    }

    /** By ascending id, those with key points. */
    List<Category> poses() {
        return byId.values().stream().filter(category -> !category.points().isEmpty()).toList();
    }

    private void root(Category category, ArrayDeque<Category> resolved) {
        segments.put(category.id(), List.of(category.name()));
        resolved.add(category);
    }

    private void nest(ArrayDeque<Category> resolved, Map<String, List<Category>> waiting) {
        while (!resolved.isEmpty()) {
            Category parent = resolved.remove();
            List<String> path = segments.getOrDefault(parent.id(), List.of());
            for (Category child : waiting.getOrDefault(String.join(".", path), List.of())) {
                if (child.id() != parent.id() && !segments.containsKey(child.id())) {
                    List<String> nested = new ArrayList<>(path);
                    nested.add(child.name());
                    ItemReader.checked(String.join(".", nested), ItemReader.LONGEST_LABEL, "label");
                    segments.put(child.id(), nested);
                    resolved.add(child);
                }
            }
        }
    }

    /** Whether another category's path could be this one's supercategory: it would end with that one's name. */
    private static boolean mayNest(Category category, Map<String, Integer> names) {
        String parent = category.supercategory();
        for (int from = 0; from >= 0; from = parent.indexOf('.', from) + 1) {
            String name = parent.substring(from);
            if (names.getOrDefault(name, 0) > (name.equals(category.name()) ? 1 : 0)) {
                return true;
            }
            if (parent.indexOf('.', from) < 0) {
                return false;
            }
        }
        return false;
    }
}
