-- Ollama's own API, besides the one by which it speaks like OpenAI.
alter table api_standards drop constraint api_standards_format_known;
alter table api_standards add constraint api_standards_format_known
  check (format in ('openai', 'cohere', 'gemini', 'anthropic', 'ollama'));

-- A standard of that handle may have been made here already; it stays as it is.
insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, response_headers, query_parameters, version, created_at, updated_at)
values (
  'ollama', 'Ollama''s own API, without a key', 'ollama', 'none', '',
  array['POST api/chat', 'POST api/generate', 'POST api/embed', 'POST api/embeddings',
    'POST api/show', 'GET api/tags', 'GET api/version', 'GET api/ps'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-*', 'openai-beta', 'x-stainless-*', 'x-goog-api-client',
    'x-goog-request-params', 'x-client-name', 'traceparent', 'tracestate', 'x-claude-code-*',
    'x-codex-*', 'x-app', 'session-id', 'session_id', 'thread-id', 'conversation_id',
    'originator', 'x-client-request-id', 'x-session-*', 'x-fern-*'],
  array['content-*', 'date', 'cache-control', 'vary', 'retry-after', 'retry-after-ms', 'x-should-retry',
    'x-ratelimit-*', 'anthropic-ratelimit-*', 'anthropic-beta', 'openai-processing-ms', 'openai-version',
    'openai-model', 'x-api-warning', 'num_chars', 'num_tokens', 'x-*-call-limit', 'x-codex-*',
    'x-models-etag', 'x-reasoning-included', 'x-goog-*', 'apim-request-id', 'x-ms-*',
    'x-envoy-upstream-service-time', 'server-timing'],
  array[]::text[],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')
on conflict (handle) do nothing;
