-- One caller could use up the models that the usage of a service tells apart on a day. What is there
-- counts for nobody: it is three days old at most.
alter table usage_models
  add column named_by uuid,
  add column listed boolean not null default false;
comment on column usage_models.named_by is
  'The user whose call was the first to name the model; empty for the owning user of the service, and for what was there before this column.';
comment on column usage_models.listed is
  'Whether the provider listed the called model when it got its number.';
