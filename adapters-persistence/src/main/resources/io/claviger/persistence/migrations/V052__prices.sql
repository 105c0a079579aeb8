create table prices (
  version             bigint generated always as identity,
  instance_id         uuid,
  provider            text collate "C",
  holder              text collate "C" not null
    generated always as (coalesce(instance_id::text, provider)) stored,
  number              integer,
  model               text collate "C" not null,
  valid_from          date not null,
  input               bigint,
  cached_input        bigint,
  cache_write_5m      bigint,
  cache_write_1h      bigint,
  audio_input         bigint,
  image_input         bigint,
  output              bigint,
  reasoning           bigint,
  audio_output        bigint,
  image_output        bigint,
  request             bigint,
  image               bigint,
  long_above          integer,
  long_input          bigint,
  long_cached_input   bigint,
  long_cache_write_5m bigint,
  long_cache_write_1h bigint,
  long_output         bigint,
  written_at          timestamp with time zone not null,
  ended_at            timestamp with time zone,

  constraint prices_pkey primary key (version),
  constraint prices_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint prices_one_holder check ((instance_id is null) <> (provider is null)),
  constraint prices_provider_length check (char_length(provider) between 1 and 64),
  constraint prices_number unique (instance_id, number),
  constraint prices_number_bounds check (number between 1 and 1000),
  constraint prices_number_of_service check ((instance_id is null) = (number is null)),
  constraint prices_model_length check (char_length(model) between 1 and 256),
  constraint prices_valid_from_bounds check (valid_from between '2000-01-01' and '2199-12-31'),
  constraint prices_state_something check (
    num_nonnulls(
      input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
      output, reasoning, audio_output, image_output, request, image) > 0),
  constraint prices_bounds check (
    0 <= least(
      input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
      output, reasoning, audio_output, image_output, request, image)
    and greatest(
      input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
      output, reasoning, audio_output, image_output, request, image) <= 1000000000000000),
  constraint prices_long_whole check (
    (long_above is null) = (num_nonnulls(
      long_input, long_cached_input, long_cache_write_5m, long_cache_write_1h, long_output) = 0)),
  constraint prices_long_above_bounds check (long_above between 1 and 100000000),
  constraint prices_long_bounds check (
    long_above is null
    or 0 <= least(
      long_input, long_cached_input, long_cache_write_5m, long_cache_write_1h, long_output)
    and greatest(
      long_input, long_cached_input, long_cache_write_5m, long_cache_write_1h, long_output)
      <= 1000000000000000),
  constraint prices_end_later check (ended_at >= written_at)
);
comment on table prices is
  'What tokens (request, image: pieces) of models cost from a day on, in pico-dollars: the deployment''s prices by provider, and those of a service''s own. A price that is replaced or deleted ends, but its row stays under its version, to which charges refer. Ended rows of services are removed once no charge is told apart by them.';
comment on column prices.holder is
  'The provider, or the id of the service whose own price it is.';
comment on column prices.number is
  'Bounds how many rows a service has; its owning user writes them.';
comment on column prices.long_above is
  'Calls with more tokens of input than this cost what the long_ columns say.';
create unique index prices_in_force on prices (holder, model, valid_from) where ended_at is null;
create index prices_of_providers on prices (holder, model, valid_from)
  where ended_at is null and instance_id is null;
create index prices_ended on prices (ended_at) where ended_at is not null and instance_id is not null;

create table model_bounds (
  provider      text collate "C" not null,
  model         text collate "C" not null,
  max_output    bigint,
  context_limit bigint,

  constraint model_bounds_pkey primary key (provider, model),
  constraint model_bounds_provider_length check (char_length(provider) between 1 and 64),
  constraint model_bounds_model_length check (char_length(model) between 1 and 256),
  constraint model_bounds_max_output_bounds check (max_output between 1 and 100000000),
  constraint model_bounds_context_limit_bounds check (context_limit between 1 and 100000000),
  constraint model_bounds_state_something check (num_nonnulls(max_output, context_limit) > 0)
);
comment on table model_bounds is
  'The most tokens that a model gives and takes in one answer, as the last import of prices said.';

create function note_price() returns trigger language plpgsql as $$
begin
  perform note_change(coalesce(
    case when tg_op = 'DELETE' then old.instance_id else new.instance_id end,
    '01900000-0000-7000-8000-000000000054'));
  return null;
end
$$;
comment on function note_price is
  'Notes the change of a service''s own price as one of the service, and that of the deployment''s prices under an id of their own.';
create function note_model_bounds() returns trigger language plpgsql as $$
begin
  perform note_change('01900000-0000-7000-8000-000000000054');
  return null;
end
$$;
comment on function note_model_bounds is 'Notes a change of what is known of models.';

create constraint trigger prices_note_change after insert or update on prices
  deferrable initially deferred for each row execute function note_price();
create constraint trigger model_bounds_note_change after insert or update or delete on model_bounds
  deferrable initially deferred for each row execute function note_model_bounds();
