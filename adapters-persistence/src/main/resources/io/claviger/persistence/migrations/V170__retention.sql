create table retention (
  one_row      boolean                  not null default true,
  usage_months integer,
  audit_months integer,
  version      bigint                   not null,
  updated_at   timestamp with time zone not null,

  constraint retention_pkey primary key (one_row),
  constraint retention_one_row check (one_row),
  constraint retention_usage_months_range check (usage_months between 1 and 1200),
  constraint retention_audit_months_range check (audit_months between 1 and 1200),
  constraint retention_version_positive check (version > 0)
);
comment on table retention is
  'For how many whole months before the current one administrators want usage and the audit trail to be kept. Null means for ever. The variables of the nodes may say less.';

insert into retention (version, updated_at) values (1, '2026-01-01T00:00:00Z');
