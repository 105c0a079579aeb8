create table api_standards (
  handle           text collate "C"         not null,
  description      text                     not null,
  format           text                     not null,
  key_method       text                     not null,
  key_field        text                     not null,
  operations       text[]                   not null,
  request_headers  text[]                   not null,
  query_parameters text[]                   not null,
  version          bigint                   not null,
  created_at       timestamp with time zone not null,
  updated_at       timestamp with time zone not null,

  constraint api_standards_pkey primary key (handle),
  constraint api_standards_handle_shape check (is_handle(handle)),
  constraint api_standards_description_length check (char_length(description) <= 10000),
  constraint api_standards_format_known
    check (format in ('openai', 'cohere', 'gemini', 'anthropic')),
  constraint api_standards_key_method_known
    check (key_method in ('auth_bearer', 'custom_header', 'query_param', 'body_form', 'none')),
  constraint api_standards_key_field_fits check (
    case key_method
      when 'none' then key_field = ''
      when 'auth_bearer' then key_field = 'authorization'
      else char_length(key_field) between 1 and 100
    end),
  constraint api_standards_operations_count
    check (cardinality(operations) between 1 and 200 and array_position(operations, null) is null),
  constraint api_standards_request_headers_count
    check (cardinality(request_headers) <= 100 and array_position(request_headers, null) is null),
  constraint api_standards_query_parameters_count
    check (cardinality(query_parameters) <= 100 and array_position(query_parameters, null) is null),
  constraint api_standards_version_positive check (version > 0)
);
comment on table api_standards is
  'How providers are spoken to. Keys are sealed to the placement (key_method, key_field): it changes only while nothing refers to the standard.';

insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, query_parameters, version, created_at, updated_at)
values (
  'anthropic', 'Anthropic''s Messages API', 'anthropic', 'custom_header', 'x-api-key',
  array['POST v1/messages', 'POST v1/messages/count_tokens', 'GET v1/models',
    'GET v1/models/{id}'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'],
  array['beta', 'limit', 'after_id', 'before_id'],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, query_parameters, version, created_at, updated_at)
values (
  'azure-openai', 'Azure OpenAI, which wants its API version in the query', 'openai', 'custom_header', 'api-key',
  array['POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses',
    'POST moderations', 'POST images/generations', 'POST audio/speech',
    'POST audio/transcriptions', 'POST audio/translations', 'POST rerank', 'GET models',
    'GET models/{id}'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'],
  array['api-version'],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, query_parameters, version, created_at, updated_at)
values (
  'cohere', 'Cohere''s API', 'cohere', 'auth_bearer', 'authorization',
  array['POST v1/embed', 'POST v2/embed', 'POST v1/chat', 'POST v2/chat', 'POST v1/rerank',
    'POST v2/rerank', 'POST v1/tokenize', 'POST v1/detokenize', 'GET v1/models'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'],
  array['page_size', 'page_token', 'endpoint', 'default_only'],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, query_parameters, version, created_at, updated_at)
values (
  'gemini', 'Google''s Gemini API', 'gemini', 'custom_header', 'x-goog-api-key',
  array['POST **/models/{model}:embedContent', 'POST **/models/{model}:batchEmbedContents',
    'POST **/models/{model}:generateContent',
    'POST **/models/{model}:streamGenerateContent', 'POST **/models/{model}:countTokens',
    'GET **/models', 'GET **/models/{model}'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'],
  array['alt', 'pageSize', 'pageToken'],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, query_parameters, version, created_at, updated_at)
values (
  'none', 'Services without a key that speak like OpenAI, such as Ollama', 'openai', 'none', '',
  array['POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses',
    'POST moderations', 'POST images/generations', 'POST audio/speech',
    'POST audio/transcriptions', 'POST audio/translations', 'POST rerank', 'GET models',
    'GET models/{id}'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'],
  array[]::text[],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, query_parameters, version, created_at, updated_at)
values (
  'openai', 'OpenAI''s API, and what speaks like it', 'openai', 'auth_bearer', 'authorization',
  array['POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses',
    'POST moderations', 'POST images/generations', 'POST audio/speech',
    'POST audio/transcriptions', 'POST audio/translations', 'POST rerank', 'GET models',
    'GET models/{id}'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'],
  array[]::text[],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
