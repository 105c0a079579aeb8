-- What an import made can be removed again, as long as nobody changed it since.
alter table arrivals
  add column run      uuid,
  add column made     bigint,
  add column with_id  uuid,
  add column version  bigint,
  add column ref      text,
  add column owner_id uuid;

alter table arrivals drop constraint arrivals_kind_known;
alter table arrivals add constraint arrivals_kind_known check (
  kind in ('user', 'standard', 'definition', 'service', 'key', 'share', 'definition_share',
    'project', 'member', 'model', 'user_key', 'group', 'group_member', 'group_share',
    'service_account', 'token', 'limits', 'usage'));
alter table arrivals add constraint arrivals_undone_whole check (
  (run is null) = (made is null) and (run is null) = (version is null)
  and (run is null) = (ref is null));

create unique index arrivals_run_key on arrivals (run, made) where run is not null;

comment on column arrivals.run is
  'The run that made it; null if it can not be removed by undoing the run.';
comment on column arrivals.made is
  'Its place in the run. What came later is removed first.';
comment on column arrivals.with_id is
  'The second id of a thing that has two, such as the user of a key.';
comment on column arrivals.version is
  'The version that the run made. If there is another one now, somebody changed the thing.';
comment on column arrivals.ref is
  'Its name here when it was made, for the audit trail.';
comment on column arrivals.owner_id is
  'To whom its audit events belong.';
