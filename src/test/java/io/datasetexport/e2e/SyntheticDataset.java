package io.datasetexport.e2e;

import io.datasetexport.TestDatabase;
import java.sql.SQLException;

/** Datasets of any size, made by the database itself. */
final class SyntheticDataset {

    private SyntheticDataset() {}

    /**
     * Creates a dataset of named 1920 x 1080 images: half of their annotations are boxes, half polygons of 24 points.
     *
     * @param annotations of each item
     */
    static void create(TestDatabase database, String id, int items, int annotations) throws SQLException {
        execute(database, "insert into dataset (id, project_key, name) select '%s', key, '%s' from project where id = 'default'".formatted(id, id));
        execute(database, """
                insert into label (dataset_key, number, path, segments, color, folder, folder_key)
                select d.key, n, l, array[l], '#3366cc', l, l from dataset d, generate_series(0, 9) n, lateral (select 'label' || n as l) p
                where d.id = '%s'""".formatted(id));
        execute(database, """
                insert into item (dataset_key, id, filename, dir, name, metadata, creator, created_at, updated_by, updated_at,
                                  entry_path, entry_path_key, entry_stem, entry_stem_key, flat_name, flat_name_key)
                select d.key, lpad(to_hex(n), 24, '0'), '/train/' || f, '/train', f,
                       jsonb_build_object('system', jsonb_build_object('width', 1920, 'height', 1080, 'mimetype', 'image/jpeg'), 'user', '{}'::jsonb),
                       'someone@example.com', '2022-05-01Z', 'someone@example.com', '2022-05-01Z',
                       'train/' || f, 'train/' || f, 'train/' || s, 'train/' || s, f, f
                from dataset d, generate_series(1, %d) n, lateral (select lpad(n::text, 8, '0') as s, lpad(n::text, 8, '0') || '.jpg' as f) p
                where d.id = '%s'""".formatted(items, id));
        addAnnotations(database, id, "true", annotations);
    }

    /** Adds annotations to the items that a condition names. */
    static void addAnnotations(TestDatabase database, String id, String condition, int annotations) throws SQLException {
        execute(database, """
                insert into annotation (item_key, ordinal, dataset_key, id, type, label, attributes, coordinates, metadata, creator, created_at,
                                        updated_by, updated_at, source)
                select i.key, o, d.key, lpad(to_hex(i.key * 100000 + o), 24, '0'), case o %% 2 when 0 then 'box' else 'segment' end,
                       'label' || (i.key + o) %% 10, '[]',
                       case o %% 2 when 0
                         then json_build_array(json_build_object('x', o, 'y', 2.5), json_build_object('x', 700.25 + i.key %% 100, 'y', 400))
                         else json_build_array((select json_agg(json_build_object(
                                'x', round((900 + (i.key %% 700) * cos(p / 24.0 * 6.2832))::numeric, 3),
                                'y', round((500 + (o %% 400) * sin(p / 24.0 * 6.2832))::numeric, 3))) from generate_series(1, 24) p)) end,
                       '{"system":{"automated":false},"user":{}}', 'someone@example.com', '2022-05-01Z', 'someone@example.com', '2022-05-01Z', 'ui'
                from dataset d join item i on i.dataset_key = d.key, generate_series(0, %d - 1) o
                where d.id = '%s' and %s""".formatted(annotations, id, condition));
    }

    static void execute(TestDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long count(TestDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(); var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
