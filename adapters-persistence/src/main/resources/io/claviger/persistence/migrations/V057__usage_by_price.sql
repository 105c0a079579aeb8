alter table usage_daily
  add column price_version bigint not null default 0,
  add column callers_price_version bigint not null default 0,
  add constraint usage_daily_price_version_bounds check (price_version >= 0),
  add constraint usage_daily_callers_price_version_bounds check (callers_price_version >= 0),
  add constraint usage_daily_price_versions_together
    check ((price_version = 0) = (callers_price_version = 0)),
  drop constraint usage_daily_pkey;
alter table usage_daily
  add constraint usage_daily_pkey primary key (
    day, user_id, instance_id, project_id, key_source, model,
    price_version, callers_price_version);
comment on column usage_daily.price_version is
  'The version of the price by which cost was charged; 0 where there was none, and in lines that were written before versions were kept. Not a foreign key: prices of services that ended are removed after some weeks.';
comment on column usage_daily.callers_price_version is
  'The version of the price by which callers_cost was charged; 0 where price_version is.';
