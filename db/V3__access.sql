-- Who may do what: other back ends as members, and which items are whose to annotate.

-- A member of role service is another back end: its scopes say what it may do.
alter table project_member add column scopes text[];
alter table project_member drop constraint project_member_role_check;
alter table project_member add constraint project_member_role_check
  check (role in ('owner', 'engineer', 'annotationManager', 'annotator', 'service') and (role = 'service') = (scopes is not null));

-- Who works on an assignment of the platform; items name theirs in metadata.system.refs.
create table assignment (
  project_key bigint not null references project on delete cascade,
  id          text collate "C" not null,
  subject     text collate "C" not null,
  primary key (project_key, id)
);
create index assignment_subject on assignment (project_key, subject);

-- Items that were assigned one by one.
create table item_assignee (
  item_key    bigint not null references item on delete cascade,
  subject     text collate "C" not null,
  primary key (item_key, subject)
);
create index item_assignee_subject on item_assignee (subject, item_key);

create function assigned_items(of_dataset bigint, to_subject text) returns setof bigint language sql stable as $$
  select i.key from item_assignee a join item i on i.key = a.item_key
    where a.subject = to_subject and i.dataset_key = of_dataset
  union
  select i.key from dataset d
    join assignment s on s.project_key = d.project_key and s.subject = to_subject
    join item i on i.dataset_key = d.key and i.metadata @> jsonb_build_object('system',
      jsonb_build_object('refs', jsonb_build_array(jsonb_build_object('type', 'assignment', 'id', s.id))))
    where d.key = of_dataset
$$;

-- Tokens for scripts, by what they hash to: the token itself is shown once and kept nowhere.
create table access_token (
  id           uuid primary key,
  hash         bytea not null unique,          -- SHA-256
  subject      text collate "C" not null,      -- whose it is
  name         text not null,
  scopes       text[] not null,
  project_key  bigint references project on delete cascade, -- the one project it is good for; null for all of the subject's
  created_by   text collate "C" not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  last_used_at timestamptz                     -- to the minute
);
create index access_token_subject on access_token (subject);
create index access_token_project on access_token (project_key);
