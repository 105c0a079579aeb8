-- Any role of the server can hold an advisory lock, so nodes take turns at sealing by a row instead.
create table audit_turn (
  one_row boolean not null default true,

  constraint audit_turn_pkey primary key (one_row),
  constraint audit_turn_one_row check (one_row)
);
comment on table audit_turn is
  'Who locks this row may add links to audit_chain until the end of the transaction.';
insert into audit_turn default values;

alter table audit_unsealed
  add column noted_at timestamp with time zone not null default clock_timestamp();
comment on column audit_unsealed.noted_at is
  'Since when the event waits, by the clock of the database.';
