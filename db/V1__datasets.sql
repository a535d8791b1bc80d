-- Datasets, their labels, items and annotations; what changed in them; who exported what.
-- Names that are compared or sorted use the "C" collation: code-point order, the same on every server.

create table project (
  key         bigint generated always as identity primary key,
  id          text collate "C" not null unique,
  name        text not null,
  created_at  timestamptz not null default now()
);

create table project_member (
  project_key bigint not null references project on delete cascade,
  subject     text collate "C" not null,
  role        text not null check (role in ('owner', 'engineer', 'annotationManager', 'annotator')),
  primary key (project_key, subject)
);
create index project_member_subject on project_member (subject);

create table dataset (
  key               bigint generated always as identity primary key,
  id                text collate "C" not null unique,
  project_key       bigint not null references project,
  name              text not null,
  ontology          json,                      -- the platform's, verbatim
  recipe            json,                      -- the platform's, verbatim
  storage           text not null default 'own' check (storage in ('own', 'external')),
  next_label_number integer not null default 0,
  folded_changes    bigint not null default 0, -- rows of dataset_change that were folded into this count
  created_at        timestamptz not null default now()
);
create index dataset_project on dataset (project_key);

-- A label's number is given once and never reused or changed; a deleted label stays, retired.
create table label (
  dataset_key bigint not null references dataset on delete cascade,
  number      integer not null,
  path        text collate "C" not null,       -- the full dotted path
  segments    text[] not null,                 -- its tags: a tag may itself hold a dot
  color       text,
  folder      text not null,                   -- safe as a file name, unique in the dataset
  folder_key  text collate "C" not null,       -- folder, folded to what any file system takes for the same name
  retired     boolean not null default false,
  primary key (dataset_key, number),
  unique (dataset_key, path),
  unique (dataset_key, folder_key)
);

create table item (
  key               bigint generated always as identity primary key,
  dataset_key       bigint not null references dataset on delete cascade,
  id                text collate "C" not null,
  filename          text collate "C" not null, -- absolute path in the dataset, starts with /
  dir               text collate "C" not null,
  name              text collate "C" not null, -- display name; usually the last segment of filename
  type              text not null default 'file',
  hidden            boolean not null default false,
  annotated         jsonb,                     -- true, false or "discarded"
  annotations_count integer,                   -- as the platform counted; not the number of rows here
  creator           text,
  created_at        timestamptz,
  updated_by        text,
  updated_at        timestamptz,
  description       text,
  metadata          jsonb not null default '{}',
  extra             jsonb,                     -- every other member of the item's JSON; wins over a column of the same name
  -- The pixels of the stored file, before its EXIF rotation; null when they are missing or not whole numbers from 1.
  width             integer generated always as (case when jsonb_typeof(metadata #> '{system,width}') = 'number'
                      then case when (metadata #>> '{system,width}')::numeric between 1 and 2147483647
                                 and (metadata #>> '{system,width}')::numeric % 1 = 0
                      then (metadata #>> '{system,width}')::numeric::integer end end) stored,
  height            integer generated always as (case when jsonb_typeof(metadata #> '{system,height}') = 'number'
                      then case when (metadata #>> '{system,height}')::numeric between 1 and 2147483647
                                 and (metadata #>> '{system,height}')::numeric % 1 = 0
                      then (metadata #>> '{system,height}')::numeric::integer end end) stored,
  mimetype          text collate "C" generated always as (metadata #>> '{system,mimetype}') stored,
  bytes             integer generated always as
                      (octet_length(metadata::text) + coalesce(octet_length(extra::text), 0)) stored,
  -- The names of the item's entries in every archive, decided when it is stored; null until then.
  entry_path        text,                      -- safe tree path: <dir>/<file>
  entry_path_key    text collate "C",          -- entry_path, folded to what any file system takes for the same name
  entry_stem        text,                      -- safe tree path without extension; with it where two stems meet
  entry_stem_key    text collate "C",
  flat_name         text,                      -- name of the file without its tree
  flat_name_key     text collate "C",
  -- Where the item's file is: here (own), with the customer or at a URL (external), or nowhere (none).
  storage           text not null default 'none' check (storage in ('own', 'external', 'none')),
  storage_key       text,
  content_bytes     bigint,
  content_crc32     bigint,
  content_sha256    bytea,
  changed           xid8 not null default pg_current_xact_id(),
  unique (dataset_key, id),
  unique (dataset_key, entry_path_key),
  unique (dataset_key, entry_stem_key),
  unique (dataset_key, flat_name_key)
);
create index item_in_export_order on item (dataset_key, filename, id);
create index item_unnamed on item (dataset_key, key) where entry_path is null;

create table annotation (
  item_key    bigint not null,
  ordinal     integer not null,                -- place in the source's order
  dataset_key bigint not null,
  id          text collate "C" not null,
  type        text not null,
  label       text collate "C",
  attributes  json,                            -- text-faithful json: 1 and 1.0 are different in Pascal VOC,
  coordinates json,                            -- and it reads back twice as fast as jsonb
  metadata    json not null default '{}',
  creator     text,
  created_at  timestamptz,
  updated_by  text,
  updated_at  timestamptz,
  source      text,
  extra       json,                            -- every other member of the annotation's JSON; wins over a column of the same name
  bytes       integer generated always as (octet_length(id) + octet_length(type) + coalesce(octet_length(label), 0)
                + coalesce(octet_length(attributes::text), 0) + coalesce(octet_length(coordinates::text), 0)
                + octet_length(metadata::text) + coalesce(octet_length(creator), 0) + coalesce(octet_length(updated_by), 0)
                + coalesce(octet_length(source), 0) + coalesce(octet_length(extra::text), 0)) stored,
  -- What a plan must know without decoding geometry, as io.datasetexport.format.AnnotationFacts has it; null when unknown.
  facts       integer,
  mask_width  integer,                         -- as the mask's own PNG declares it, in pixels
  mask_height integer,
  -- Refers to its item, which the triggers below keep once for each statement: a foreign key asks for each row, which is half of an import.
  primary key (item_key, ordinal)
);
-- Rows are read hundreds at a time, except these: they are read by their keys, as many as fit in memory.
create index annotation_wide on annotation (item_key, ordinal) include (bytes) where bytes > 8192;

-- One row for each transaction that changed a dataset, whoever ran it. A dataset's revision is the number of
-- rows that a snapshot sees: a later snapshot sees all rows of an earlier one, so equal counts are equal data.
create table dataset_change (
  dataset_key bigint not null references dataset on delete cascade,
  changed     xid8 not null,
  primary key (dataset_key, changed)
);

create table tombstone (
  dataset_key bigint not null references dataset on delete cascade,
  item_id     text collate "C" not null,
  deleted     xid8 not null,
  primary key (dataset_key, item_id, deleted)
);

-- Every export that was started: for audit, and for archives that are made in the background.
create table export (
  id          uuid primary key,
  dataset_key bigint not null,                 -- no reference: the record outlives the dataset
  dataset_id  text not null,
  project_key bigint not null,
  caller      text not null,
  request     json not null,                   -- canonical
  revision    bigint not null,
  state       text not null check (state in ('running', 'complete', 'partial', 'failed', 'lost')),
  reason      text,
  items       bigint,
  annotations bigint,
  entries     bigint,
  bytes       bigint,
  instance    text not null,
  started_at  timestamptz not null default now(),
  finished_at timestamptz
);
create index export_project on export (project_key, started_at);
create index export_running on export (instance) where state = 'running';

create function dataset_revision(of_dataset bigint) returns bigint language sql stable as $$
  select d.folded_changes + (select count(*) from dataset_change c where c.dataset_key = d.key)
  from dataset d where d.key = of_dataset
$$;

create function note_new_rows() returns trigger language plpgsql as $$
begin
  insert into dataset_change select distinct dataset_key, pg_current_xact_id() from new_rows on conflict do nothing;
  return null;
end $$;

create function note_old_rows() returns trigger language plpgsql as $$
begin
  -- A cascade from a deleted dataset arrives when the dataset is gone: nothing is left to note.
  insert into dataset_change select distinct o.dataset_key, pg_current_xact_id()
    from old_rows o join dataset d on d.key = o.dataset_key on conflict do nothing;
  return null;
end $$;

create function note_changed_rows() returns trigger language plpgsql as $$
begin
  insert into dataset_change select dataset_key, pg_current_xact_id()
    from (select dataset_key from new_rows union select dataset_key from old_rows) r on conflict do nothing;
  return null;
end $$;

create trigger note_insert after insert on label referencing new table as new_rows for each statement execute function note_new_rows();
create trigger note_update after update on label referencing old table as old_rows new table as new_rows for each statement execute function note_changed_rows();
create trigger note_delete after delete on label referencing old table as old_rows for each statement execute function note_old_rows();
create trigger note_insert after insert on item referencing new table as new_rows for each statement execute function note_new_rows();
create trigger note_update after update on item referencing old table as old_rows new table as new_rows for each statement execute function note_changed_rows();

create function note_dataset() returns trigger language plpgsql as $$
begin
  insert into dataset_change values (new.key, pg_current_xact_id()) on conflict do nothing;
  return null;
end $$;
create trigger note_insert after insert on dataset for each row execute function note_dataset();
create trigger note_update after update of id, project_key, name, ontology, recipe, storage on dataset for each row execute function note_dataset();

create function stamp_item() returns trigger language plpgsql as $$
begin
  new.changed := pg_current_xact_id();
  return new;
end $$;
create trigger stamp before update on item for each row execute function stamp_item();

create function bury_items() returns trigger language plpgsql as $$
begin
  insert into dataset_change select distinct o.dataset_key, pg_current_xact_id()
    from old_rows o join dataset d on d.key = o.dataset_key on conflict do nothing;
  insert into tombstone select o.dataset_key, o.id, pg_current_xact_id()
    from old_rows o join dataset d on d.key = o.dataset_key on conflict do nothing;
  return null;
end $$;
create trigger bury after delete on item referencing old table as old_rows for each statement execute function bury_items();

-- A change of annotations is a change of their item. Locks are taken in key order, so that writers queue and do not deadlock.
create function touch_items(keys bigint[]) returns void language plpgsql set enable_seqscan = off as $$
begin
  perform 1 from item where key = any (keys) and changed <> pg_current_xact_id() order by key for no key update;
  update item set changed = pg_current_xact_id() where key = any (keys) and changed <> pg_current_xact_id();
end $$;

-- What a foreign key does, for all rows of a statement. The items are locked by now: touched, or changed by this transaction before.
-- The plan is made while the tables grow: only an index on the item's key is fast at every size.
create function check_items(item_keys bigint[], dataset_keys bigint[]) returns void language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (select 1 from unnest(item_keys, dataset_keys) n (item_key, dataset_key) left join item i on i.key = n.item_key
             where i.dataset_key is distinct from n.dataset_key) then
    raise foreign_key_violation using message = 'annotation.item_key is not an item of annotation.dataset_key';
  end if;
end $$;

create function note_annotations_inserted() returns trigger language plpgsql as $$
declare
  item_keys bigint[];
  dataset_keys bigint[];
begin
  select array_agg(n.item_key), array_agg(n.dataset_key) into item_keys, dataset_keys
    from (select distinct item_key, dataset_key from new_rows) n;
  if item_keys is not null then
    insert into dataset_change select distinct k, pg_current_xact_id() from unnest(dataset_keys) k on conflict do nothing;
    perform touch_items(item_keys);
    perform check_items(item_keys, dataset_keys);
  end if;
  return null;
end $$;
create function note_annotations_updated() returns trigger language plpgsql as $$
begin
  insert into dataset_change select dataset_key, pg_current_xact_id()
    from (select dataset_key from new_rows union select dataset_key from old_rows) r on conflict do nothing;
  perform touch_items(array(select item_key from new_rows union select item_key from old_rows));
  perform check_items(array(select item_key from new_rows), array(select dataset_key from new_rows));
  return null;
end $$;
create function note_annotations_deleted() returns trigger language plpgsql as $$
begin
  if exists (select 1 from old_rows) then
    insert into dataset_change select distinct o.dataset_key, pg_current_xact_id()
      from old_rows o join dataset d on d.key = o.dataset_key on conflict do nothing;
    perform touch_items(array(select distinct item_key from old_rows));
  end if;
  return null;
end $$;
create trigger note_insert after insert on annotation referencing new table as new_rows for each statement execute function note_annotations_inserted();
create trigger note_update after update on annotation referencing old table as old_rows new table as new_rows for each statement execute function note_annotations_updated();
create trigger note_delete after delete on annotation referencing old table as old_rows for each statement execute function note_annotations_deleted();

-- With their item go its annotations, a thousand items at a time: what a statement deletes is kept until its triggers have run.
create function delete_annotations() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  keys bigint[];
begin
  for keys in select array_agg(o.key) from (select key, row_number() over (order by key) / 1000 as part from old_rows) o group by o.part loop
    delete from annotation where item_key = any (keys);
  end loop;
  return null;
end $$;
create trigger delete_annotations after delete on item referencing old table as old_rows for each statement execute function delete_annotations();

create function keep_key() returns trigger language plpgsql as $$
begin
  raise foreign_key_violation using message = 'item.key is what annotations refer to: it does not change';
end $$;
create trigger keep_key before update of key on item for each row when (old.key <> new.key) execute function keep_key();

-- Who changes an annotation and not its facts does not know them.
create function forget_facts() returns trigger language plpgsql as $$
begin
  new.facts := null;
  new.mask_width := null;
  new.mask_height := null;
  return new;
end $$;
create trigger forget_facts before update of type, attributes, coordinates, metadata on annotation for each row
  when (new.facts is not distinct from old.facts and (new.type, new.attributes::text, new.coordinates::text, new.metadata::text)
        is distinct from (old.type, old.attributes::text, old.coordinates::text, old.metadata::text))
  execute function forget_facts();

create function note_truncate() returns trigger language plpgsql as $$
begin
  insert into dataset_change select key, pg_current_xact_id() from dataset on conflict do nothing;
  return null;
end $$;
create function refuse_orphans() returns trigger language plpgsql as $$
begin
  if exists (select 1 from annotation) then
    raise feature_not_supported using message = 'annotation refers to item', hint = 'Truncate table annotation at the same time.';
  end if;
  return null;
end $$;
create trigger refuse_orphans after truncate on item for each statement execute function refuse_orphans();
create trigger note_truncate after truncate on label for each statement execute function note_truncate();
create trigger note_truncate after truncate on item for each statement execute function note_truncate();
create trigger note_truncate after truncate on annotation for each statement execute function note_truncate();

insert into project (id, name) values ('default', 'Default');
