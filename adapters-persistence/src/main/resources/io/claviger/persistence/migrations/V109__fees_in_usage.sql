-- What calls used that has a fee. Most lines have none and hold null, which takes no room, and which
-- the sums of fees skip.
create function add_fees(one bigint[], other bigint[]) returns bigint[]
language sql immutable strict parallel safe as $$
  select array_agg(add_saturating(coalesce(f.one, 0), coalesce(f.other, 0)) order by f.n)
  from unnest(one, other) with ordinality f (one, other, n) $$;
comment on function add_fees is
  'The sum of two arrays of fees. They may differ in length, because kinds of fees are added at the end.';
create aggregate sum_fees(bigint[]) (
  sfunc = add_fees, stype = bigint[], combinefunc = add_fees, parallel = safe);
comment on aggregate sum_fees(bigint[]) is 'The sum of all fees; null if there are none.';

alter table usage_daily
  add column fees bigint[],
  -- Rows of before have none, so that nobody has to read them.
  add constraint usage_daily_fees_bounds check (
    cardinality(fees) between 2 and 64 and array_ndims(fees) = 1 and 0 <= all (fees)
    and array_position(fees, null) is null) not valid;
comment on column usage_daily.fees is
  'What the calls used that has a fee: for each kind how often (audio in milliseconds), and its part of the cost in nano-dollars. The kinds are web_search, file_search, code_interpreter, computer_use, grounding, image, audio_minute, character, page and search. Null for none.';
alter table usage_rollups add column fees bigint[];

create or replace view usage_lines as
  select
    r.grain, r.period, r.user_id, r.user_handle, r.instance_id, r.instance_ref, r.owner_id,
    r.project_id, r.project_ref, r.project_owner_id, r.key_source, r.model,
    r.requests, r.errors, r.bytes_in, r.bytes_out, r.input_tokens, r.output_tokens, r.refused,
    r.cached_input, r.cache_write_5m, r.cache_write_1h, r.reasoning, r.audio_input,
    r.audio_output, r.image_tokens, r.image_output, r.images,
    r.estimated_requests, r.estimated_input_tokens, r.estimated_output_tokens,
    r.priced, r.cost, r.callers_cost, r.estimated_cost,
    r.disputed_requests, r.disputed_tokens, r.disputed_cost,
    r.stored_objects, r.stored_bytes, r.fees
  from usage_rollups r
  union all
  select
    'line', u.day, u.user_id, u.user_handle, u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model,
    u.requests, u.errors, u.bytes_in, u.bytes_out, u.input_tokens, u.output_tokens, u.refused,
    u.cached_input, u.cache_write_5m, u.cache_write_1h, u.reasoning, u.audio_input,
    u.audio_output, u.image_tokens, u.image_output, u.images,
    u.estimated_requests, u.estimated_input_tokens, u.estimated_output_tokens,
    u.priced, u.cost, u.callers_cost, u.estimated_cost,
    u.disputed_requests, u.disputed_tokens, u.disputed_cost,
    u.stored_objects, u.stored_bytes, u.fees
  from usage_daily u;

create or replace function sum_up_usage(kind text, begins date, ends date) returns void
language plpgsql as $$
declare
  finest text;
begin
  finest := case kind when 'day' then 'day' else 'month_of_user_model' end;
  delete from usage_rollups r
  where r.period = begins
    and r.grain = any (case kind
      when 'day' then array['day', 'day_of_model', 'day_of_service']
      else array[
        'month', 'month_of_model', 'month_of_service', 'month_of_user', 'month_of_user_model']
    end);
  insert into usage_rollups (
    grain, period, user_id, user_handle, instance_id, instance_ref, owner_id,
    project_id, project_ref, project_owner_id, key_source, model,
    requests, errors, bytes_in, bytes_out, input_tokens, output_tokens, refused,
    cached_input, cache_write_5m, cache_write_1h, reasoning, audio_input, audio_output,
    image_tokens, image_output, images,
    estimated_requests, estimated_input_tokens, estimated_output_tokens,
    priced, cost, callers_cost, estimated_cost,
    disputed_requests, disputed_tokens, disputed_cost, stored_objects, stored_bytes, fees)
  select
    finest, begins, k.user_id, k.user_handle, u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model,
    least(sum(u.requests), 9223372036854775807),
    least(sum(u.errors), 9223372036854775807),
    least(sum(u.bytes_in), 9223372036854775807),
    least(sum(u.bytes_out), 9223372036854775807),
    least(sum(u.input_tokens), 9223372036854775807),
    least(sum(u.output_tokens), 9223372036854775807),
    least(sum(u.refused), 9223372036854775807),
    least(sum(u.cached_input), 9223372036854775807),
    least(sum(u.cache_write_5m), 9223372036854775807),
    least(sum(u.cache_write_1h), 9223372036854775807),
    least(sum(u.reasoning), 9223372036854775807),
    least(sum(u.audio_input), 9223372036854775807),
    least(sum(u.audio_output), 9223372036854775807),
    least(sum(u.image_tokens), 9223372036854775807),
    least(sum(u.image_output), 9223372036854775807),
    least(sum(u.images), 9223372036854775807),
    least(sum(u.estimated_requests), 9223372036854775807),
    least(sum(u.estimated_input_tokens), 9223372036854775807),
    least(sum(u.estimated_output_tokens), 9223372036854775807),
    least(sum(u.priced), 9223372036854775807),
    least(sum(u.cost), 9223372036854775807),
    least(sum(u.callers_cost), 9223372036854775807),
    least(sum(u.estimated_cost), 9223372036854775807),
    least(sum(u.disputed_requests), 9223372036854775807),
    least(sum(u.disputed_tokens), 9223372036854775807),
    least(sum(u.disputed_cost), 9223372036854775807),
    least(sum(u.stored_objects), 9223372036854775807),
    least(sum(u.stored_bytes), 9223372036854775807),
    sum_fees(u.fees)
  from usage_daily u
  cross join lateral (
    select
      case kind when 'day' then '00000000-0000-0000-0000-000000000000'::uuid else u.user_id end,
      case kind when 'day' then '' else u.user_handle end) k (user_id, user_handle)
  where u.day between begins and ends
  group by k.user_id, k.user_handle, u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model;
  -- The coarser sums are made of the finest, which are far fewer than the lines.
  insert into usage_rollups (
    grain, period, user_id, user_handle, instance_id, instance_ref, owner_id,
    project_id, project_ref, project_owner_id, key_source, model,
    requests, errors, bytes_in, bytes_out, input_tokens, output_tokens, refused,
    cached_input, cache_write_5m, cache_write_1h, reasoning, audio_input, audio_output,
    image_tokens, image_output, images,
    estimated_requests, estimated_input_tokens, estimated_output_tokens,
    priced, cost, callers_cost, estimated_cost,
    disputed_requests, disputed_tokens, disputed_cost, stored_objects, stored_bytes, fees)
  select
    case
      when grouping(r.instance_id) = 1 then kind || '_of_model'
      when grouping(r.user_id) = 0 then 'month_of_user'
      when grouping(r.model) = 1 then kind || '_of_service'
      else 'month'
    end, begins,
    coalesce(r.user_id, '00000000-0000-0000-0000-000000000000'), coalesce(r.user_handle, ''),
    coalesce(r.instance_id, '00000000-0000-0000-0000-000000000000'), coalesce(r.instance_ref, ''), coalesce(r.owner_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(r.project_id, '00000000-0000-0000-0000-000000000000'), r.project_ref, r.project_owner_id,
    coalesce(r.key_source, ''), coalesce(r.model, ''),
    least(sum(r.requests), 9223372036854775807),
    least(sum(r.errors), 9223372036854775807),
    least(sum(r.bytes_in), 9223372036854775807),
    least(sum(r.bytes_out), 9223372036854775807),
    least(sum(r.input_tokens), 9223372036854775807),
    least(sum(r.output_tokens), 9223372036854775807),
    least(sum(r.refused), 9223372036854775807),
    least(sum(r.cached_input), 9223372036854775807),
    least(sum(r.cache_write_5m), 9223372036854775807),
    least(sum(r.cache_write_1h), 9223372036854775807),
    least(sum(r.reasoning), 9223372036854775807),
    least(sum(r.audio_input), 9223372036854775807),
    least(sum(r.audio_output), 9223372036854775807),
    least(sum(r.image_tokens), 9223372036854775807),
    least(sum(r.image_output), 9223372036854775807),
    least(sum(r.images), 9223372036854775807),
    least(sum(r.estimated_requests), 9223372036854775807),
    least(sum(r.estimated_input_tokens), 9223372036854775807),
    least(sum(r.estimated_output_tokens), 9223372036854775807),
    least(sum(r.priced), 9223372036854775807),
    least(sum(r.cost), 9223372036854775807),
    least(sum(r.callers_cost), 9223372036854775807),
    least(sum(r.estimated_cost), 9223372036854775807),
    least(sum(r.disputed_requests), 9223372036854775807),
    least(sum(r.disputed_tokens), 9223372036854775807),
    least(sum(r.disputed_cost), 9223372036854775807),
    least(sum(r.stored_objects), 9223372036854775807),
    least(sum(r.stored_bytes), 9223372036854775807),
    sum_fees(r.fees)
  from usage_rollups r
  where r.grain = finest and r.period = begins
  group by grouping sets (
    (r.key_source, r.model),
    (r.instance_id, r.instance_ref, r.owner_id, r.project_id, r.project_ref, r.project_owner_id),
    (r.instance_id, r.instance_ref, r.owner_id, r.project_id, r.project_ref, r.project_owner_id,
      r.key_source, r.model),
    (r.user_id, r.user_handle,
      r.instance_id, r.instance_ref, r.owner_id, r.project_id, r.project_ref, r.project_owner_id))
  having kind = 'month'
    or grouping(r.instance_id) = 1
    or (grouping(r.user_id) = 1 and grouping(r.model) = 1);
end
$$;
