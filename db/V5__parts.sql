-- A part of an archive or of a file, as a Range asks for it, was sent as it should be, and is not the whole.
alter table export drop constraint export_state_check;
alter table export add constraint export_state_check check (state in ('running', 'complete', 'partial', 'failed', 'lost'));
alter table audit_event drop constraint audit_event_outcome_check;
alter table audit_event add constraint audit_event_outcome_check
  check (outcome in ('finished', 'partial', 'refused', 'failed', 'aborted'));
