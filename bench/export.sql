-- Fills a database that has the product's schema with the same dataset in several states:
--   ordered   rows lie as they are exported
--   shuffled  rows lie in random order
--   aged1...  :sets datasets whose rows lie interleaved, a tenth of them updated since
--   large     :large items, in order; none when that is 0
--   tenth     a tenth of it
-- each with :items images of 1920 x 1080 and :each annotations an image: half polygons, 30 % boxes, the rest ellipses,
-- polylines, points and classes. No binary masks: what those cost is a matter of their pixels, and bench/masks.sh measures it.
-- The triggers sleep meanwhile: nobody reads what changed.
set session_replication_role = replica;
set work_mem = '256MB';
select set_config(name, 'lz4', false) from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals);
select setseed(0.5);

-- Sizes and numbers of vertices as annotators draw them: a seventh of the picture's side by median, 5 to 300 vertices, 45 by mean.
create function bench_normal() returns double precision language sql volatile as $$ select sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) $$;
create function bench_ring(count integer, x float8, y float8, rx float8, ry float8) returns text language sql volatile as $$
  select '[[' || string_agg(format('{"x":%s,"y":%s}', round((x + rx * (1 + 0.2 * sin(3 * t)) * cos(t))::numeric, 4),
      round((y + ry * (1 + 0.2 * sin(3 * t)) * sin(t))::numeric, 4)), ',' order by p) || ']]'
  from generate_series(0, count - 1) p, lateral (select 2 * pi() * (p + 0.6 * random()) / count as t) at
$$;
create function bench_point(x float8, y float8) returns text language sql immutable as $$
  select format('{"x":%s,"y":%s,"z":0}', round(x::numeric, 4), round(y::numeric, 4))
$$;
create table bench_shape as
  select n, kind as type, case kind
      when 'segment' then bench_ring(vertices, x + w / 2, y + h / 2, w / 2.6, h / 2.6)
      when 'polyline' then bench_ring(2 + n % 39, x + w / 2, y + h / 2, w / 2.6, h / 2.6)
      when 'box' then format('[%s,%s]', bench_point(x, y), bench_point(x + w, y + h))
      when 'ellipse' then format('{"angle":%s,"center":%s,"rx":%s,"ry":%s}', n % 180, bench_point(x + w / 2, y + h / 2), round((w / 2)::numeric, 4),
        round((h / 2)::numeric, 4))
      when 'point' then bench_point(x, y)
      else '{}'
    end::json as coordinates
  from generate_series(0, 39999) n,
    lateral (select coalesce((array['ellipse', 'polyline', 'point', 'class', 'box', 'box', 'box', 'box', 'box', 'box'])[n % 20 + 1], 'segment') as kind,
      least(0.95, exp(0.9 * bench_normal() - 2)) as side, exp(0.45 * bench_normal()) as aspect,
      greatest(5, least(300, round(exp(case when random() < 0.5 then 1.6 + 4.1 * random() else 3.1 + 0.6 * bench_normal() end))))::integer as vertices) a,
    lateral (select greatest(2, least(1880, 1920 * side * aspect)) as w, greatest(2, least(1058, 1080 * side / aspect)) as h) b,
    lateral (select random() * (1920 - w) as x, random() * (1080 - h) as y) c;
alter table bench_shape add primary key (n);
analyze bench_shape;

create function bench_dataset(new_id text) returns void language sql as $$
  insert into dataset (id, project_key, name) select new_id, key, new_id from project where id = 'default';
  insert into dataset_change select key, pg_current_xact_id() from dataset where id = new_id on conflict do nothing;
  insert into label (dataset_key, number, path, segments, color, folder, folder_key)
    select d.key, n, 'label' || n, array['label' || n], '#' || lpad(to_hex(n * 700001 % 16777216), 6, '0'), 'label' || n, 'label' || n
    from dataset d, generate_series(0, 19) n where d.id = new_id;
$$;

-- Items n of datasets d in the order given, keys ascending in it.
create procedure bench_items(pattern text, items integer, shuffled boolean) language sql as $$
  insert into item (dataset_key, id, filename, dir, name, annotated, creator, created_at, updated_by, updated_at, metadata,
      entry_path, entry_path_key, entry_stem, entry_stem_key, flat_name, flat_name_key)
    select d.key, lpad(to_hex(n), 24, '0'), f.dir || '/' || f.stem || '.jpg', f.dir, f.stem || '.jpg', 'true', 'a@example.com', '2022-05-01T10:00:00Z',
      'a@example.com', '2022-05-01T10:00:00Z',
      '{"system":{"width":1920,"height":1080,"size":345678,"channels":3,"mimetype":"image/jpeg","encoding":"7bit"},"user":{}}',
      substr(f.dir, 2) || '/' || f.stem || '.jpg', substr(f.dir, 2) || '/' || f.stem || '.jpg', substr(f.dir, 2) || '/' || f.stem,
      substr(f.dir, 2) || '/' || f.stem, f.stem || '.jpg', f.stem || '.jpg'
    from generate_series(0, items - 1) n
      join dataset d on d.id ~ pattern,
      lateral (select '/train/' || lpad((n / 1000)::text, 4, '0') as dir, lpad(n::text, 8, '0') as stem) f
    order by case when shuffled then random() else n end, d.key;
$$;

create procedure bench_annotations(pattern text, each integer, shuffled boolean) language sql as $$
  insert into annotation (item_key, ordinal, dataset_key, id, type, label, attributes, coordinates, metadata, creator, created_at, updated_by,
      updated_at, source, facts)
    select i.key, o, i.dataset_key, i.id || lpad(to_hex(o), 4, '0'), s.type, 'label' || (hashint8(i.key * 100 + o) & 1023) % 20, '[]', s.coordinates,
      '{"system":{"automated":false,"objectId":null},"user":{}}', 'a@example.com', '2022-05-01T10:00:00Z', 'a@example.com',
      '2022-05-01T10:00:00Z', 'ui', 0
    from item i join dataset d on d.key = i.dataset_key and d.id ~ pattern, generate_series(0, each - 1) o
      join lateral (select * from bench_shape where n = (hashint8(i.key * 1000 + o) & 2147483647) % 40000) s on true
    order by case when shuffled then random() else i.key end, o;
$$;

select bench_dataset('ordered');
call bench_items('^ordered$', :items, false);
call bench_annotations('^ordered$', :each, false);
select bench_dataset('shuffled');
call bench_items('^shuffled$', :items, true);
call bench_annotations('^shuffled$', :each, true);
select bench_dataset('tenth');
call bench_items('^tenth$', :items / 10, false);
call bench_annotations('^tenth$', :each, false);
select bench_dataset('aged' || n) from generate_series(1, :sets) n;
call bench_items('^aged', :items, false);
call bench_annotations('^aged', :each, false);
update item set description = 'seen' where dataset_key in (select key from dataset where id ~ '^aged') and hashint8(key) % 10 = 0;
update annotation set source = 'api' where dataset_key in (select key from dataset where id ~ '^aged') and hashint8(item_key * 1000 + ordinal) % 10 = 0;
select bench_dataset('large') where :large > 0;
call bench_items('^large$', :large, false);
call bench_annotations('^large$', :each, false);
vacuum (freeze, analyze);
checkpoint;
