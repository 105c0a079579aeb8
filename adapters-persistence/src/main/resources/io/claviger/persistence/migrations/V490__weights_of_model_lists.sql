-- Lists of models may be large, and a caller may reach many services. A node adds up the weights of
-- the lists before it reads them.
create function model_list_weight(ids text[]) returns integer
  language sql immutable parallel safe
  return (select coalesce(sum(152 + 2 * char_length(id)), 0)::integer from unnest(ids) id);
comment on function model_list_weight is
  'An upper bound for the bytes that a node needs for these names.';

alter table model_lists
  add column weight integer not null generated always as (model_list_weight(models)) stored;
