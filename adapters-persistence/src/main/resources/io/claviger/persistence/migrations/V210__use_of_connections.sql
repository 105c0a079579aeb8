alter table open_connections
  add column input_tokens bigint not null default 0,
  add column output_tokens bigint not null default 0,
  add constraint open_connections_tokens_positive check (input_tokens >= 0 and output_tokens >= 0);
comment on column open_connections.input_tokens is
  'What the responses of the connection that have ended were charged as input.';
comment on column open_connections.output_tokens is
  'What they were charged as output.';
