alter table bill_days
  add column lent_key text collate "C",
  add constraint bill_days_lent_key_length check (char_length(lent_key) between 1 and 128);
comment on column bill_days.lent_key is
  'The provider''s id of the key that the service lent, as its owner stated it when the day was read.';
