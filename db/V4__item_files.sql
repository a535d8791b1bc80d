-- Keys of the store that no item has, or has not yet: a sweep deletes their blobs after a time in which exports that began before may
-- still read them. An upload writes its key here before it stores a byte, so that a crash leaves nothing behind for good.
create table unused_blob (
  storage_key text primary key,
  since       timestamptz not null default now()
);
create index unused_blob_since on unused_blob (since);

create function discard_old_blob() returns trigger language plpgsql as $$
begin
  insert into unused_blob (storage_key) values (old.storage_key) on conflict do nothing;
  return null;
end $$;
create trigger discard_replaced after update of storage_key on item for each row
  when (old.storage = 'own' and old.storage_key is distinct from new.storage_key and old.storage_key is not null)
  execute function discard_old_blob();

create function discard_old_blobs() returns trigger language plpgsql as $$
begin
  insert into unused_blob (storage_key) select storage_key from old_rows where storage = 'own' and storage_key is not null
    on conflict do nothing;
  return null;
end $$;
create trigger discard_deleted after delete on item referencing old table as old_rows for each statement execute function discard_old_blobs();
