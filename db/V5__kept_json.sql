-- An item's JSON as exports write it, compressed, so that the next one copies it. A row is good for the item as transaction item_changed left
-- it and for exports of the same variant; any other is as if it were not there. It may be lost at any time: a crash empties the table.
create unlogged table item_json (
  item_key     bigint primary key,             -- its item's; a foreign key would lock the item at each write
  dataset_key  bigint not null,
  item_changed xid8 not null,
  variant      bigint not null,                -- stands for all that decides about the bytes beside the item and its annotations
  crc32        bigint not null,                -- of the JSON
  size         integer not null,               -- of the JSON, in bytes
  annotations  integer not null,
  document     bytea not null                  -- deflated
);
alter table item_json alter document set storage external;

-- Whether a dataset was exported before.
create index export_dataset on export (dataset_key, started_at);

create function forget_json() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  delete from item_json k using old_rows o where k.item_key = o.key;
  return null;
end $$;
create trigger forget_json after delete on item referencing old table as old_rows for each statement execute function forget_json();

-- Truncating changes no item, so the transaction that their documents name is still the last one.
create function forget_all_json() returns trigger language plpgsql as $$
begin
  delete from item_json;
  return null;
end $$;
create trigger forget_json after truncate on annotation for each statement execute function forget_all_json();
