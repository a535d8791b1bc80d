-- Who may do what, and who did: services as members, whose items are whose, tokens, links, the audit.

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

-- A link that a browser can follow without a header: what its bearer gets, in the name of whoever made it.
create table download_link (
  hash         bytea primary key,              -- SHA-256
  subject      text collate "C" not null,
  scopes       text[],                         -- of the token that made it; null when none narrowed its maker
  project_key  bigint,
  token_id     uuid references access_token on delete cascade, -- ends with the token that made it
  dataset_key  bigint not null references dataset on delete cascade,
  item_id      text collate "C",               -- of a link to one item's file
  file         text check (file in ('annotations', 'mask', 'content')),
  label        text,
  request      text,                           -- of a link to an export: its body
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  check ((request is null) = (item_id is not null) and (item_id is null) = (file is null))
);
create index download_link_expires on download_link (expires_at);

-- Who did what, and how it ended. The rows outlive what they speak of.
create table audit_event (
  id          bigint generated always as identity primary key,
  at          timestamptz not null default now(),
  subject     text not null,
  token_id    uuid,
  act         text not null,
  project_key bigint,
  project_id  text,
  dataset_id  text,
  target      text,                            -- the item, member, token or assignment
  request     text,                            -- what was asked for: an export's canonical request, a member's role
  outcome     text not null check (outcome in ('finished', 'partial', 'refused', 'failed', 'aborted')),
  status      integer not null,
  bytes       bigint not null,
  request_id  text not null
);
create index audit_event_project on audit_event (project_key, id);
