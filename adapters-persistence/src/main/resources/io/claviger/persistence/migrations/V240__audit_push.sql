create table audit_push (
  one_row      boolean                  not null default true,
  number       bigint                   not null,
  hash         text collate "C"         not null,
  head_number  bigint                   not null,
  leased_by    uuid                     not null,
  leased_until timestamp with time zone not null,

  constraint audit_push_pkey primary key (one_row),
  constraint audit_push_one_row check (one_row),
  constraint audit_push_number_not_negative check (number >= 0),
  constraint audit_push_hash_length check (char_length(hash) in (0, 64)),
  constraint audit_push_head_number_not_negative check (head_number >= 0)
);
comment on table audit_push is
  'How far the audit trail was pushed to CLAVIGER_AUDIT_PUSH, and which node pushes it.';
comment on column audit_push.number is
  'The number of the last link that the receiver has.';
comment on column audit_push.hash is
  'The hash of that link. If the link has another one, the database was restored, and all is pushed again.';
comment on column audit_push.head_number is
  'The number of the last signed head that the receiver has.';
comment on column audit_push.leased_until is
  'Until then only the node leased_by pushes.';
