package io.datasetexport.ingest;

import io.datasetexport.model.CodePoints;
import io.datasetexport.model.Label;
import io.datasetexport.model.SafeNames;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code label}, inside a transaction that has locked the dataset. New labels get the dataset's next numbers, several at once in
 * code-point order; a number is never given twice and never changes.
 */
final class LabelRows {

    private static final int LONGEST_PATH = ImportLimits.LABEL_BYTES;
    private static final int MOST = ImportLimits.LABELS;

    private final Connection connection;
    private final long dataset;

    LabelRows(Connection connection, long dataset) {
        this.connection = connection;
        this.dataset = dataset;
    }

    /** By number, retired ones included. */
    List<Label> all() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select number, path, segments, color, folder, retired from label where dataset_key = ? order by number")) {
            select.setLong(1, dataset);
            List<Label> labels = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Array segments = rows.getArray(3);
                    labels.add(new Label(
                            rows.getInt(1),
                            rows.getString(2),
                            List.of((String[]) segments.getArray()),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getBoolean(6)));
                }
            }
            return labels;
        }
    }

    /** Adds the labels that are not there, in code-point order; a dataset without any label keeps the numbers that they bring. */
    List<String> add(List<LabelSpec> specs) throws SQLException {
        return add(specs, false);
    }

    /**
     * Adds the labels that are not there; of several with one path the first counts.
     *
     * @param inOrder whether they are numbered as they are given
     * @return the paths that were added, in the order of their numbers
     */
    List<String> add(List<LabelSpec> specs, boolean inOrder) throws SQLException {
        List<Label> present = all();
        Set<String> paths = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (Label label : present) {
            paths.add(label.path());
            folders.add(SafeNames.key(label.folder()));
        }
        Map<String, LabelSpec> fresh = new LinkedHashMap<>();
        for (LabelSpec spec : specs) {
            if (!paths.contains(checked(spec))) {
                fresh.putIfAbsent(spec.path(), spec);
            }
        }
        if (fresh.isEmpty()) {
            return List.of();
        }
        if (present.size() + fresh.size() > MOST) {
            throw new RequestRefused(ProblemType.VALIDATION, "A dataset has at most " + MOST + " labels.");
        }
        List<LabelSpec> ordered = new ArrayList<>(fresh.values());
        boolean numbered = present.isEmpty() && fresh.values().stream().allMatch(spec -> spec.number() != null);
        if (!inOrder) {
            ordered.sort(numbered
                    ? Comparator.comparing(LabelRows::number).thenComparing(LabelSpec::path, CodePoints.ORDER)
                    : Comparator.comparing(LabelSpec::path, CodePoints.ORDER));
        }
        List<Label> added = new ArrayList<>();
        int next = nextNumber();
        for (LabelSpec spec : ordered) {
            int number = numbered ? Math.max(next, number(spec)) : next;
            String folder = folder(spec, folders);
            added.add(new Label(number, spec.path(), spec.segments(), spec.color(), folder, spec.retired()));
            next = Math.addExact(number, 1);
        }
        insert(added);
        nextNumber(next);
        return added.stream().map(Label::path).toList();
    }

    /**
     * Makes the dataset's labels exactly these: what is named by number is renamed, what is new is added, what is missing is retired.
     */
    void replace(List<LabelSpec> specs) throws SQLException {
        Map<Integer, Label> byNumber = new LinkedHashMap<>();
        Map<String, Label> byPath = new HashMap<>();
        for (Label label : all()) {
            byNumber.put(label.number(), label);
            byPath.put(label.path(), label);
        }
        Map<Integer, LabelSpec> kept = new LinkedHashMap<>();
        List<LabelSpec> fresh = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        for (LabelSpec spec : specs) {
            if (!wanted.add(checked(spec))) {
                throw new RequestRefused(ProblemType.VALIDATION, "The label \"" + spec.path() + "\" is there twice.", "/labels");
            }
            if (spec.number() != null) {
                if (!byNumber.containsKey(spec.number())) {
                    throw new RequestRefused(ProblemType.VALIDATION, "There is no label with the number " + spec.number() + ".", "/labels");
                }
                if (kept.putIfAbsent(spec.number(), spec) != null) {
                    throw new RequestRefused(ProblemType.VALIDATION, "The label number " + spec.number() + " is there twice.", "/labels");
                }
            }
        }
        for (LabelSpec spec : specs) {
            Label present = byPath.get(spec.path());
            if (spec.number() == null) {
                if (present == null || kept.containsKey(present.number())) {
                    fresh.add(spec);
                } else {
                    kept.put(present.number(), spec);
                }
            }
        }
        for (LabelSpec spec : specs) {
            Label holder = byPath.get(spec.path());
            if (holder != null && !kept.containsKey(holder.number())) {
                throw new RequestRefused(
                        ProblemType.CONFLICT,
                        "The label \"" + spec.path() + "\" has the number " + holder.number() + " already, and a number is never reused.",
                        "/labels");
            }
        }
        Set<String> folders = new HashSet<>();
        for (Label label : byNumber.values()) {
            LabelSpec spec = kept.get(label.number());
            if (spec == null || spec.path().equals(label.path())) {
                folders.add(SafeNames.key(label.folder()));
            }
        }
        List<Label> changed = new ArrayList<>();
        for (Label label : byNumber.values()) {
            LabelSpec spec = kept.get(label.number());
            Label after = spec == null
                    ? new Label(label.number(), label.path(), label.segments(), label.color(), label.folder(), true)
                    : new Label(
                            label.number(),
                            spec.path(),
                            spec.segments(),
                            spec.color() == null ? label.color() : spec.color(),
                            spec.path().equals(label.path()) ? label.folder() : folder(spec, folders),
                            false);
            if (!after.equals(label)) {
                changed.add(after);
            }
        }
        update(changed);
        add(fresh);
    }

    /** The label's path, if it can be one. */
    private static String checked(LabelSpec spec) {
        for (String segment : spec.segments()) {
            if (segment.isEmpty()) {
                throw new RequestRefused(ProblemType.VALIDATION, "A label has an empty tag.", "/labels");
            }
        }
        try {
            return ItemReader.checked(spec.path(), LONGEST_PATH, "label");
        } catch (BadRecord e) {
            throw new RequestRefused(ProblemType.VALIDATION, String.valueOf(e.getMessage()), "/labels");
        }
    }

    private static int number(LabelSpec spec) {
        Integer number = spec.number();
        return number == null ? 0 : number;
    }

    private static String folder(LabelSpec spec, Set<String> taken) {
        String wish = spec.folder();
        String natural = wish != null && SafeNames.segment(wish).equals(wish) ? wish : SafeNames.segment(spec.path());
        return SafeNames.free(natural, taken);
    }

    private void insert(List<Label> labels) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into label (dataset_key, number, path, segments, color, folder, folder_key, retired)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            for (Label label : labels) {
                insert.setLong(1, dataset);
                insert.setInt(2, label.number());
                insert.setString(3, label.path());
                insert.setArray(4, segments(label));
                insert.setString(5, label.color());
                insert.setString(6, label.folder());
                insert.setString(7, SafeNames.key(label.folder()));
                insert.setBoolean(8, label.retired());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Two steps, so that labels can swap their names. */
    private void update(List<Label> labels) throws SQLException {
        try (PreparedStatement leave = connection.prepareStatement(
                "update label set path = chr(1) || number || '/' || path, folder_key = '/' || number where dataset_key = ? and number = ?")) {
            for (Label label : labels) {
                leave.setLong(1, dataset);
                leave.setInt(2, label.number());
                leave.addBatch();
            }
            leave.executeBatch();
        }
        try (PreparedStatement update = connection.prepareStatement(
                """
                update label set path = ?, segments = ?, color = ?, folder = ?, folder_key = ?, retired = ?
                where dataset_key = ? and number = ?
                """)) {
            for (Label label : labels) {
                update.setString(1, label.path());
                update.setArray(2, segments(label));
                update.setString(3, label.color());
                update.setString(4, label.folder());
                update.setString(5, SafeNames.key(label.folder()));
                update.setBoolean(6, label.retired());
                update.setLong(7, dataset);
                update.setInt(8, label.number());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private Array segments(Label label) throws SQLException {
        return connection.createArrayOf("text", label.segments().toArray());
    }

    private int nextNumber() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select next_label_number from dataset where key = ? for no key update")) {
            select.setLong(1, dataset);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new RequestRefused(ProblemType.NOT_FOUND, "The dataset was deleted.");
                }
                return rows.getInt(1);
            }
        }
    }

    /** Says which number the next label gets, unless a higher one was promised already. */
    void nextNumber(@Nullable Integer next) throws SQLException {
        if (next == null) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                "update dataset set next_label_number = greatest(next_label_number, ?) where key = ?")) {
            update.setInt(1, next);
            update.setLong(2, dataset);
            update.executeUpdate();
        }
    }
}
