-- Administrators list deleted models, the last deleted first.
create index model_configs_deleted on model_configs (deleted_at, id) where deleted_at is not null;
