-- Fills a database that has the product's schema: :datasets datasets q1, q2, ... with :items images each, ten annotations an image, their
-- rows interleaved as they are after years of use. The triggers sleep meanwhile: nobody reads what changed.
set session_replication_role = replica;

insert into dataset (id, project_key, name) select 'q' || n, key, 'q' || n from project, generate_series(1, :datasets) n where id = 'default';
insert into dataset_change select key, pg_current_xact_id() from dataset on conflict do nothing;
insert into label (dataset_key, number, path, segments, color, folder, folder_key)
  select d.key, n - 1, l, array[l], '#3366cc', l, l from dataset d, unnest(array['cat', 'dog', 'car', 'tree', 'house', 'sky', 'road', 'sign',
    'person', 'bicycle', 'rare']) with ordinality u (l, n) where d.id ~ '^q\d';

insert into item (dataset_key, id, filename, dir, name, annotated, creator, created_at, updated_by, updated_at, metadata,
    entry_path, entry_path_key, entry_stem, entry_stem_key, flat_name, flat_name_key)
  select d.key, md5(d.key || '/' || n), f.dir || '/' || f.name, f.dir, f.name,
    case n % 10 when 0 then '"discarded"' when 1 then 'false' else 'true' end::jsonb, 'user' || n % 50 || '@example.com',
    timestamptz '2022-01-01Z' + (n * 7919 % 31536000) * interval '1 second', 'a@example.com', '2023-01-01Z',
    jsonb_build_object(
      'system', jsonb_build_object('width', 640 + n % 3 * 640, 'height', 480 + n % 3 * 240, 'size', n * 7907 % 6000000, 'channels', 3,
          'encoding', '7bit', 'originalname', f.name, 'mimetype', case when n % 20 = 0 then 'image/png' else 'image/jpeg' end,
          'refs', case when n % 3 = 0 then '[]'::jsonb else jsonb_build_array(jsonb_build_object('id', 'task' || n % 100, 'type', 'task',
            'metadata', jsonb_build_object('status', case when n % 7 = 0 then 'completed' else 'assigned' end))) end)
        || case when n % 5 = 0 then '{"tags":{"train":true}}' else '{"tags":{"test":true}}' end::jsonb
        || case when n % 97 = 0 then '{"collections":{"collections3":true}}' else '{}' end::jsonb,
      'user', case when n % 8 = 0 then jsonb_build_object('camera', (array['front', 'rear', 'left', 'right'])[n / 8 % 4 + 1]) else '{}' end),
    substr(f.dir, 2) || '/' || f.name, substr(f.dir, 2) || '/' || f.name, substr(f.dir, 2) || '/' || f.stem, substr(f.dir, 2) || '/' || f.stem,
    f.name, f.name
  from generate_series(1, :items) n
    join dataset d on d.id ~ '^q\d',
    lateral (select case when n % 100 = 0 then '/val' when n % 2 = 0 then '/train' else '/train/' || n % 40 end as dir,
      'cam' || n % 30 || '-' || lpad(n::text, 8, '0') as stem, 'cam' || n % 30 || '-' || lpad(n::text, 8, '0') || '.jpg' as name) f
  order by n, d.key;

insert into annotation (item_key, ordinal, dataset_key, id, type, label, attributes, coordinates, metadata, creator, created_at, updated_by,
    updated_at, source, facts)
  select i.key, o, i.dataset_key, md5(i.key || '/' || o), case when o % 3 = 0 then 'segment' else 'box' end,
    case when (i.key + o) % 20000 = 0 then 'rare' else (array['cat', 'dog', 'car', 'tree', 'house', 'sky', 'road', 'sign', 'person', 'bicycle'])
      [(i.key * 7 + o * o) % 10 + 1] end,
    '[]',
    case when o % 3 = 0 then '[[{"x":' || o || '.5,"y":20.25},{"x":300.5,"y":' || i.key % 400 || '},{"x":250,"y":310.75},{"x":40,"y":280}]]'
      else '[{"x":' || i.key % 300 || '.25,"y":' || o || ',"z":0},{"x":' || 310 + o || ',"y":400.5,"z":0}]' end::json,
    ('{"system":{"automated":false' || case when (i.key + o) % 1000 = 0 then ',"status":"issue"' else '' end || '},"user":{'
      || case when o < 2 then '"model":{"name":"m","confidence":0.' || (i.key * 31 + o * 17) % 100 || '}' else '' end || '}}')::json,
    'user' || i.key % 50 || '@example.com', '2022-05-01Z', 'a@example.com', '2022-05-01Z', 'ui', 0
  from item i join dataset d on d.key = i.dataset_key and d.id ~ '^q\d', generate_series(0, 9) o
  order by i.key, o;

vacuum analyze;
