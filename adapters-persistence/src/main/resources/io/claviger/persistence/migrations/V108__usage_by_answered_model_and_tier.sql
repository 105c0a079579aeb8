-- Usage is told apart by the model that answered and by the service tier too. Both are rare, and a
-- column in the primary key of the lines would mean to index all of them again. So the key of a model
-- has them where they are known to differ. What is there stays as it is, and nobody has to read it.
alter table usage_daily
  drop constraint usage_daily_model_length,
  add constraint usage_daily_model_length check (char_length(model) <= 546) not valid;
comment on column usage_daily.model is
  'The provider''s name of the model, as calls gave it; empty where it is not known. Where another model answered, or the tier was not the usual one, the name of that model and the tier follow, each behind a unit separator: split_part(model, chr(31), 1), 2 and 3. Either may be empty.';
comment on column usage_rollups.model is
  'As in usage_daily; empty in sums over all models.';
alter table usage_models
  drop constraint usage_models_model_length,
  add constraint usage_models_model_length check (char_length(model) between 1 and 546);
comment on column usage_models.model is 'As in usage_daily.';
