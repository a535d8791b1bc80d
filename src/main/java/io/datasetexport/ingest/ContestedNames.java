package io.datasetexport.ingest;

import io.datasetexport.model.SafeNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The items of one import that did not get their natural names at once, remembered in the database. They are decided when all items are in, by
 * filename and id, so that the names do not depend on the order of the body.
 */
final class ContestedNames {

    private static final int NAMED_AT_ONCE = 1000;

    private static final String PREPARE =
            """
            create temp table import_contested (space integer, key text collate "C", primary key (space, key)) on commit drop;
            create temp table import_unnamed (item_key bigint, space integer, name text, primary key (item_key, space)) on commit drop;
            """;

    private static final String REMEMBER_UNNAMED =
            """
            insert into import_unnamed (item_key, space)
            select i.key, s.space from unnest(?) k(v) join item i on i.key = k.v cross join generate_series(0, 2) s(space)
            where i.entry_path is null
            """;

    private final Connection connection;
    private final long dataset;
    private final NameDecision names;
    private final long firstKey;

    /** @param firstKey no item that this import adds has a smaller one */
    ContestedNames(Connection connection, long dataset, NameDecision names, long firstKey) throws SQLException {
        this.connection = connection;
        this.dataset = dataset;
        this.names = names;
        this.firstKey = firstKey;
        try (Statement prepare = connection.createStatement()) {
            prepare.execute(PREPARE);
        }
    }

    /**
     * An item that did not get a name.
     *
     * @param key the name, when the one who has it was written by this import too
     */
    record Contest(long item, NameSpace space, @Nullable String key) {}

    void remember(List<Contest> contests) throws SQLException {
        if (contests.isEmpty()) {
            return;
        }
        try (PreparedStatement unnamed = connection.prepareStatement(
                "insert into import_unnamed (item_key, space) select * from unnest(?, ?)");
                PreparedStatement contested = connection.prepareStatement(
                        "insert into import_contested select * from unnest(?, ?) k(s, v) where v is not null on conflict do nothing")) {
            Object[] spaces = contests.stream().map(contest -> contest.space().ordinal()).toArray();
            unnamed.setArray(1, connection.createArrayOf("bigint", contests.stream().map(Contest::item).toArray()));
            unnamed.setArray(2, connection.createArrayOf("integer", spaces));
            unnamed.executeUpdate();
            contested.setArray(1, connection.createArrayOf("integer", spaces));
            contested.setArray(2, connection.createArrayOf("text", contests.stream().map(Contest::key).toArray()));
            contested.executeUpdate();
        }
    }

    /** Remembers those of some items that have no names. */
    void rememberUnnamed(Object[] keys) throws SQLException {
        try (PreparedStatement remember = connection.prepareStatement(REMEMBER_UNNAMED)) {
            remember.setArray(1, connection.createArrayOf("bigint", keys));
            remember.executeUpdate();
        }
    }

    /**
     * Decides the names that several items wanted.
     *
     * @param kept whether the table {@code import_names} says what new items were called before: they come first
     */
    void decide(boolean kept) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            giveBack(statement, 0, "entry_path");
            giveBack(statement, 1, "entry_stem");
            giveBack(statement, 2, "flat_name");
            if (kept) {
                wish(statement, 0, "entry_path", "path");
                wish(statement, 1, "entry_stem", "stem");
                wish(statement, 2, "flat_name", "flat");
                decide(statement, "u.name is not null");
            }
            decide(statement, "u.name is null");
        }
    }

    private void decide(Statement statement, String which) throws SQLException {
        statement.setFetchSize(NAMED_AT_ONCE);
        try (ResultSet rows = statement.executeQuery(
                """
                select i.key, i.filename, i.name, i.id, array_agg(u.space order by u.space), array_agg(u.name order by u.space)
                from import_unnamed u join item i on i.key = u.item_key where %s
                group by i.key, i.filename, i.name, i.id order by i.filename, i.id
                """.formatted(which))) {
            List<NameDecision.Unnamed> run = new ArrayList<>();
            while (rows.next()) {
                run.add(unnamed(rows));
                if (run.size() == NAMED_AT_ONCE) {
                    names.name(run);
                    run.clear();
                }
            }
            names.name(run);
        }
    }

    /** Lets new items have the names that they had before, where they got others. */
    private void wish(Statement statement, int space, String column, String wished) throws SQLException {
        statement.executeUpdate(String.format(
                Locale.ROOT,
                """
                with other as (
                  update item i set %1$s = null, %1$s_key = null from (
                    select r.key, n.%5$s as name from import_names n cross join lateral (
                      select h.dataset_key d, h.id, h.key, h.%1$s, h.changed from item h
                      where (h.dataset_key, h.id) >= (%3$d, n.id) order by h.dataset_key, h.id limit 1) r
                    where r.d = %3$d and r.id = n.id and r.key >= %4$d and r.changed = pg_current_xact_id()
                      and n.%5$s is not null and r.%1$s is distinct from n.%5$s) wished
                  where i.key = wished.key
                  returning i.key, wished.name)
                insert into import_unnamed (item_key, space, name) select distinct on (key) key, %2$d, name from other order by key
                on conflict (item_key, space) do update set name = excluded.name
                """,
                column, space, dataset, firstKey, wished));
    }

    private static NameDecision.Unnamed unnamed(ResultSet rows) throws SQLException {
        boolean[] missing = new boolean[3];
        @Nullable
        String[] preferred = new String[3];
        Integer[] spaces = (Integer[]) rows.getArray(5).getArray();
        String[] wishes = (String[]) rows.getArray(6).getArray();
        for (int i = 0; i < spaces.length; i++) {
            missing[spaces[i]] = true;
            preferred[spaces[i]] = wishes[i];
        }
        return new NameDecision.Unnamed(
                rows.getLong(1), SafeNames.of(rows.getString(2), rows.getString(3)), preferred, missing);
    }

    /** Takes a name that another item of this import wants too from the item that came first in the body. */
    private void giveBack(Statement statement, int space, String column) throws SQLException {
        statement.executeUpdate(String.format(
                Locale.ROOT,
                """
                with held as (
                  update item i set %1$s = null, %1$s_key = null from (
                    select r.key from import_contested c cross join lateral (
                      select h.dataset_key d, h.%1$s_key v, h.key, h.changed from item h
                      where (h.dataset_key, h.%1$s_key) >= (%3$d, c.key) order by h.dataset_key, h.%1$s_key limit 1) r
                    where c.space = %2$d and r.d = %3$d and r.v = c.key and r.key >= %4$d and r.changed = pg_current_xact_id()) held_by
                  where i.key = held_by.key
                  returning i.key)
                insert into import_unnamed (item_key, space) select key, %2$d from held on conflict do nothing
                """,
                column,
                space,
                dataset,
                firstKey));
    }
}
