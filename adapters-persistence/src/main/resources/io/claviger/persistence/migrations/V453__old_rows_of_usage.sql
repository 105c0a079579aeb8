-- Each node looks for old rows of these tables whenever it stores usage.
create index usage_models_seen on usage_models (seen_at);
create index usage_writers_written on usage_writers (written_at);
