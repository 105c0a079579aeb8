create function are_distinct(texts text[]) returns boolean
  language sql immutable strict parallel safe
  return (select count(*) = count(distinct t.one) from unnest(texts) as t (one));
comment on function are_distinct is 'Whether no text is listed twice, and none is null.';

create function are_ascending(numbers bigint[]) returns boolean
  language sql immutable strict parallel safe
  return (
    select coalesce(bool_and(coalesce(numbers[n.place] < numbers[n.place + 1], false)), true)
    from generate_series(1, cardinality(numbers) - 1) as n (place));
comment on function are_ascending is 'Whether each number is larger than the one before it.';

alter table prices
  add column thresholds      bigint[]           not null default '{}',
  add column threshold_rates bigint[]           not null default '{}',
  add column tiers           text[] collate "C" not null default '{}',
  add column tier_rates      bigint[]           not null default '{}',
  add column fees            text[] collate "C" not null default '{}',
  add column fee_amounts     bigint[]           not null default '{}',
  add column fee_pieces      bigint[]           not null default '{}';
comment on column prices.thresholds is
  'Calls with more tokens of input than one of these cost what threshold_rates says, where that differs.';
comment on column prices.threshold_rates is
  'For each threshold: input, cached_input, cache_write_5m, cache_write_1h, output; null if not stated.';
comment on column prices.tiers is 'Service tiers, for which tier_rates applies where it differs.';
comment on column prices.tier_rates is
  'For each tier: input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input, output, reasoning, audio_output, image_output, request; null if not stated.';
comment on column prices.fees is
  'What is charged by number: its kind and, after a space, a quality on which the amount depends.';
comment on column prices.fee_amounts is
  'For each fee, the pico-dollars that as many pieces cost as fee_pieces says.';

-- No node needs to be told: what it reads means the same.
alter table prices disable trigger prices_note_change;
update prices set
  thresholds = array[long_above],
  threshold_rates = array[
    long_input, long_cached_input, long_cache_write_5m, long_cache_write_1h, long_output]
where long_above is not null;
alter table prices enable trigger prices_note_change;

alter table prices
  drop column long_above,
  drop column long_input,
  drop column long_cached_input,
  drop column long_cache_write_5m,
  drop column long_cache_write_1h,
  drop column long_output,
  drop constraint prices_state_something,
  add constraint prices_state_something check (
    cardinality(fees) > 0
    or num_nonnulls(
      input, cached_input, cache_write_5m, cache_write_1h, audio_input, image_input,
      output, reasoning, audio_output, image_output, request, image) > 0),
  add constraint prices_thresholds_count check (
    cardinality(thresholds) <= 4 and cardinality(threshold_rates) = 5 * cardinality(thresholds)),
  add constraint prices_thresholds_ascending check (are_ascending(thresholds)),
  add constraint prices_thresholds_bounds check (
    0 < all (thresholds) and 100000000 >= all (thresholds)
    and array_position(thresholds, null) is null),
  add constraint prices_threshold_rates_bounds check (
    0 <= all (array_remove(threshold_rates, null))
    and 1000000000000000 >= all (array_remove(threshold_rates, null))),
  add constraint prices_tiers_count check (
    cardinality(tiers) <= 8 and cardinality(tier_rates) = 11 * cardinality(tiers)),
  add constraint prices_tiers_distinct check (are_distinct(tiers)),
  add constraint prices_tiers_spelling check (
    array_to_string(tiers, ' ') ~ '^([a-z0-9_.-]{1,32}( |$))*$'),
  add constraint prices_tier_rates_bounds check (
    0 <= all (array_remove(tier_rates, null))
    and 1000000000000000 >= all (array_remove(tier_rates, null))),
  add constraint prices_fees_count check (
    cardinality(fees) <= 32
    and cardinality(fee_amounts) = cardinality(fees)
    and cardinality(fee_pieces) = cardinality(fees)),
  add constraint prices_fees_distinct check (are_distinct(fees)),
  add constraint prices_fees_spelling check (
    array_to_string(fees, ',') ~
      '^((web_search|file_search|code_interpreter|computer_use|grounding|image|audio_minute|character|page|search)( [a-z0-9_.:/-]{1,64})?(,|$))*$'),
  add constraint prices_fee_amounts_bounds check (
    0 <= all (fee_amounts) and 1000000000000000 >= all (fee_amounts)
    and array_position(fee_amounts, null) is null),
  add constraint prices_fee_pieces_bounds check (
    1 <= all (fee_pieces) and 1000000 >= all (fee_pieces)
    and array_position(fee_pieces, null) is null);
