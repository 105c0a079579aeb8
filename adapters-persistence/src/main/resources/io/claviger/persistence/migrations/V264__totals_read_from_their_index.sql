-- A ranking of all services or users reads their totals of many periods. It finds them in the index
-- alone, without a look at the table. Totals are never updated, so the index costs only its room.
alter table usage_totals
  drop constraint usage_totals_pkey,
  add constraint usage_totals_pkey primary key (grain, period, dimension, name)
    include (requests, input_tokens, output_tokens, cost);
