-- What queries look for; each index earned its place on 200,000 items with 2,000,000 annotations.

-- Annotation metadata is text-faithful json, which may spell a character that jsonb can't hold: then there is nothing to be found in it.
create function searchable(document json) returns jsonb language sql immutable parallel safe
  as $$ select case when position('\u0000' in document::text) = 0 then document::jsonb end $$;

-- Items with a label, and whether one item has it; with all that a plan counts beside it, so that it reads no row.
create index annotation_label on annotation (dataset_key, label, item_key, type) include (facts, mask_width, mask_height, bytes);
-- Equality anywhere in an item's metadata.
create index item_metadata on item using gin (metadata jsonb_path_ops);
-- A folder, or all below it; one folder's items in the order of exports.
create index item_dir on item (dataset_key, dir, filename, id);
-- What most queries mean by items, so that those of another table need not be looked at to be joined or left out.
create index item_visible on item (dataset_key, key) where not hidden and type collate "C" = 'file';
-- Somebody's items.
create index item_creator on item (dataset_key, creator collate "C");
-- Newest first, and a span of time.
create index item_created on item (dataset_key, created_at nulls first);
