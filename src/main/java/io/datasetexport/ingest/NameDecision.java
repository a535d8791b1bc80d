package io.datasetexport.ingest;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.SafeNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides the names of items that have none: the first that no other item of the dataset has, in the order in which the items are given.
 *
 * <p>Which names are taken is asked of the database, a run of items at a time. A million items may share one name: how far its numbers are
 * used up is found by doubling and halving, and remembered for the names that were met last.
 */
final class NameDecision {

    private static final int REMEMBERED = 10_000;
    private static final int DOUBLINGS = 24;

    // "At or after, in the order of the index" leaves the planner one index, whatever it believes of a table that was empty a moment ago.
    private static final String TAKEN =
            """
            select 0, r.v, r.key from unnest(?) k(v) cross join lateral (
              select i.dataset_key d, i.entry_path_key v, i.key from item i where (i.dataset_key, i.entry_path_key) >= (?, k.v collate "C")
              order by i.dataset_key, i.entry_path_key limit 1) r where r.v = k.v and r.d = ?
            union all
            select 1, r.v, r.key from unnest(?) k(v) cross join lateral (
              select i.dataset_key d, i.entry_stem_key v, i.key from item i where (i.dataset_key, i.entry_stem_key) >= (?, k.v collate "C")
              order by i.dataset_key, i.entry_stem_key limit 1) r where r.v = k.v and r.d = ?
            union all
            select 2, r.v, r.key from unnest(?) k(v) cross join lateral (
              select i.dataset_key d, i.flat_name_key v, i.key from item i where (i.dataset_key, i.flat_name_key) >= (?, k.v collate "C")
              order by i.dataset_key, i.flat_name_key limit 1) r where r.v = k.v and r.d = ?
            """;

    private static final String ASSIGN =
            """
            update item i set
              entry_path = coalesce(v.path, i.entry_path), entry_path_key = coalesce(v.path_key, i.entry_path_key),
              entry_stem = coalesce(v.stem, i.entry_stem), entry_stem_key = coalesce(v.stem_key, i.entry_stem_key),
              flat_name = coalesce(v.flat, i.flat_name), flat_name_key = coalesce(v.flat_key, i.flat_name_key)
            from unnest(?, ?, ?, ?, ?, ?, ?) v(key, path, path_key, stem, stem_key, flat, flat_key)
            where i.key = v.key
            """;

    /** Makes every look-up one by index, inside the transaction. */
    static final String ALWAYS_BY_INDEX =
            """
            set local enable_seqscan = off;
            set local enable_hashjoin = off;
            set local enable_mergejoin = off;
            set local enable_sort = off;
            set local enable_incremental_sort = off;
            set local jit = off
            """;

    private final Connection connection;
    private final long dataset;
    private final Map<String, Numbers> numbers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Numbers> eldest) {
            return size() > REMEMBERED;
        }
    };

    NameDecision(Connection connection, long dataset) {
        this.connection = connection;
        this.dataset = dataset;
    }

    /**
     * An item that lacks names.
     *
     * @param natural what it is called where nobody else is
     * @param preferred what it was called before, tried first; null where nothing is preferred
     * @param missing by ordinal of {@link NameSpace}
     */
    record Unnamed(long key, EntryNames natural, @Nullable String[] preferred, boolean[] missing) {}

    /** Keys of the items that have these names, by the name's key; one map for each {@link NameSpace}. */
    List<Map<String, Long>> taken(List<? extends List<String>> keys) throws SQLException {
        List<Map<String, Long>> taken = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
        if (keys.stream().allMatch(List::isEmpty)) {
            return taken;
        }
        try (PreparedStatement select = connection.prepareStatement(TAKEN)) {
            for (int space = 0; space < 3; space++) {
                select.setArray(3 * space + 1, connection.createArrayOf("text", keys.get(space).toArray()));
                select.setLong(3 * space + 2, dataset);
                select.setLong(3 * space + 3, dataset);
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    taken.get(rows.getInt(1)).put(rows.getString(2), rows.getLong(3));
                }
            }
        }
        return taken;
    }

    /** Names these items, which no other transaction names at the same time. */
    void name(List<Unnamed> items) throws SQLException {
        if (items.isEmpty()) {
            return;
        }
        List<Need> pending = new ArrayList<>();
        Map<Long, String[]> decided = new LinkedHashMap<>();
        for (Unnamed item : items) {
            decided.put(item.key(), new String[6]);
            for (NameSpace space : NameSpace.values()) {
                if (item.missing()[space.ordinal()]) {
                    pending.add(new Need(item, space));
                }
            }
        }
        List<Set<String>> claimed = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
        while (!pending.isEmpty()) {
            pending = round(pending, claimed, decided);
        }
        assign(decided);
    }

    /** Proposes a name for each and keeps those that are free; returns who has to try again, in the same order. */
    private List<Need> round(List<Need> pending, List<Set<String>> claimed, Map<Long, String[]> decided) throws SQLException {
        List<List<String>> asked = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Need need : pending) {
            need.propose(claimed.get(need.space.ordinal()));
            asked.get(need.space.ordinal()).add(need.key);
        }
        List<Map<String, Long>> taken = taken(asked);
        List<Need> again = new ArrayList<>();
        Set<Numbers> halted = new HashSet<>();
        for (Need need : pending) {
            Numbers numbers = need.numbers();
            if (taken.get(need.space.ordinal()).containsKey(need.key)) {
                if (need.number >= 0) {
                    numbers.used(need);
                }
                halted.add(numbers);
                again.add(need);
            } else if (need.isSecondChoice() && halted.contains(numbers)) {
                // An item before this one still looks for such a name: it comes first.
                claimed.get(need.space.ordinal()).remove(need.key);
                need.takeBack();
                again.add(need);
            } else {
                if (need.number >= 0) {
                    numbers.first = need.number + 1;
                }
                String[] names = Objects.requireNonNull(decided.get(need.item.key()));
                names[2 * need.space.ordinal()] = need.name;
                names[2 * need.space.ordinal() + 1] = need.key;
            }
        }
        halted.forEach(numbers -> numbers.next = numbers.first);
        return again;
    }

    private void assign(Map<Long, String[]> decided) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ASSIGN)) {
            update.setArray(1, connection.createArrayOf("bigint", decided.keySet().toArray()));
            for (int column = 0; column < 6; column++) {
                int at = column;
                update.setArray(
                        column + 2, connection.createArrayOf("text", decided.values().stream().map(names -> names[at]).toArray()));
            }
            update.executeUpdate();
        }
    }

    /** A name that an item still needs. */
    private final class Need {
        private final Unnamed item;
        private final NameSpace space;
        private final String base;
        private boolean preferredTried;
        private int ownTried;
        private String name = "";
        private String key = "";
        /** The number that {@link #name} holds; below 0 where it holds none. */
        private int number = -1;

        Need(Unnamed item, NameSpace space) {
            this.item = item;
            this.space = space;
            base = space.ordinal() + SafeNames.key(space.numbering(item.natural()));
        }

        Numbers numbers() {
            return numbers.computeIfAbsent(base, b -> new Numbers(space.ownCandidates()));
        }

        /** Takes the next name that no item of this run has. */
        void propose(Set<String> claimed) {
            String preferred = item.preferred()[space.ordinal()];
            if (preferred != null && !preferredTried) {
                preferredTried = true;
                if (take(preferred, claimed)) {
                    return;
                }
            }
            while (ownTried < space.ownCandidates()) {
                if (take(space.candidate(item.natural(), ownTried++), claimed)) {
                    return;
                }
            }
            do {
                number = numbers().next++;
            } while (!take(space.candidate(item.natural(), number), claimed));
        }

        boolean isSecondChoice() {
            return number >= 0 || ownTried > 1;
        }

        void takeBack() {
            if (number < 0) {
                ownTried--;
            }
        }

        private boolean take(String candidate, Set<String> claimed) {
            name = candidate;
            key = SafeNames.key(candidate);
            return !space.isOwn(key) && claimed.add(key);
        }

        String keyOf(int candidate) {
            return SafeNames.key(space.candidate(item.natural(), candidate));
        }
    }

    /** How far the numbers of one name are used up. */
    private final class Numbers {
        /** The first number that may be free. */
        private int first;
        /** The next number to propose in this round. */
        private int next;
        private boolean searched;

        Numbers(int first) {
            this.first = first;
            next = first;
        }

        /** Takes note of a number that is taken; the first time it looks for the first free one, instead of trying each. */
        void used(Need need) throws SQLException {
            first = Math.max(first, need.number + 1);
            if (searched) {
                return;
            }
            searched = true;
            int from = need.number;
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < DOUBLINGS; i++) {
                keys.add(need.keyOf(from + (1 << i)));
            }
            Set<String> taken = ask(need.space, keys);
            int step = 0;
            while (step < DOUBLINGS - 1 && taken.contains(keys.get(step))) {
                step++;
            }
            int low = step == 0 ? from : from + (1 << step - 1);
            int high = from + (1 << step);
            while (high - low > 1) {
                int middle = (low + high) >>> 1;
                if (isTaken(need, middle)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            first = Math.max(first, high);
        }

        private boolean isTaken(Need need, int number) throws SQLException {
            return !ask(need.space, List.of(need.keyOf(number))).isEmpty();
        }

        private Set<String> ask(NameSpace space, List<String> keys) throws SQLException {
            List<List<String>> asked = new ArrayList<>(List.of(List.of(), List.of(), List.of()));
            asked.set(space.ordinal(), keys);
            return taken(asked).get(space.ordinal()).keySet();
        }
    }
}
