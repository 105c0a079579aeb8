-- The models of publishers on Vertex AI.
alter table api_standards drop constraint api_standards_format_known;
alter table api_standards add constraint api_standards_format_known
  check (format in ('openai', 'cohere', 'gemini', 'anthropic', 'ollama', 'bedrock', 'vertex'));

-- A standard of that handle may have been made here already; it stays as it is.
insert into api_standards (
  handle, description, format, key_method, key_field,
  operations, request_headers, response_headers, query_parameters, version, created_at, updated_at)
values (
  'vertex', 'The models of publishers on Vertex AI', 'vertex', 'auth_bearer', 'authorization',
  array['POST publishers/{publisher}/models/{model}:generateContent',
    'POST publishers/{publisher}/models/{model}:streamGenerateContent',
    'POST publishers/{publisher}/models/{model}:countTokens',
    'POST publishers/{publisher}/models/{model}:embedContent',
    'POST publishers/{publisher}/models/{model}:predict',
    'POST publishers/{publisher}/models/{model}:rawPredict',
    'POST publishers/{publisher}/models/{model}:streamRawPredict',
    'GET publishers/google/models'],
  array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-*', 'openai-beta', 'x-stainless-*', 'x-goog-api-client',
    'x-goog-request-params', 'x-client-name', 'traceparent', 'tracestate', 'x-claude-code-*',
    'x-codex-*', 'x-app', 'session-id', 'session_id', 'thread-id', 'conversation_id',
    'originator', 'x-client-request-id', 'x-session-*', 'x-fern-*', 'x-initiator',
    'x-interaction-type', 'x-opencode-session-id'],
  array['content-type', 'content-language', 'date', 'retry-after', 'retry-after-ms',
    'x-should-retry', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset',
    'x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests',
    'x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens',
    'x-ratelimit-limit-requests-day', 'x-ratelimit-remaining-requests-day',
    'x-ratelimit-reset-requests-day', 'x-ratelimit-limit-tokens-minute',
    'x-ratelimit-remaining-tokens-minute', 'x-ratelimit-reset-tokens-minute',
    'x-ratelimit-limit-req-minute', 'x-ratelimit-remaining-req-minute',
    'x-ratelimit-limit-tokens-month', 'x-ratelimit-remaining-tokens-month',
    'x-ratelimit-tokens-query-cost', 'anthropic-ratelimit-requests-limit',
    'anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-requests-reset',
    'anthropic-ratelimit-tokens-limit', 'anthropic-ratelimit-tokens-remaining',
    'anthropic-ratelimit-tokens-reset', 'anthropic-ratelimit-input-tokens-limit',
    'anthropic-ratelimit-input-tokens-remaining', 'anthropic-ratelimit-input-tokens-reset',
    'anthropic-ratelimit-output-tokens-limit', 'anthropic-ratelimit-output-tokens-remaining',
    'anthropic-ratelimit-output-tokens-reset', 'anthropic-ratelimit-unified-status',
    'anthropic-ratelimit-unified-reset', 'anthropic-ratelimit-unified-representative-claim',
    'anthropic-ratelimit-unified-fallback', 'anthropic-ratelimit-unified-5h-status',
    'anthropic-ratelimit-unified-5h-reset', 'anthropic-ratelimit-unified-5h-utilization',
    'anthropic-ratelimit-unified-7d-status', 'anthropic-ratelimit-unified-7d-reset',
    'anthropic-ratelimit-unified-7d-utilization', 'anthropic-beta', 'openai-processing-ms',
    'openai-version', 'openai-model', 'x-api-warning', 'num_chars', 'num_tokens',
    'x-endpoint-monthly-call-limit', 'x-trial-endpoint-call-limit',
    'x-codex-primary-used-percent', 'x-codex-primary-window-minutes', 'x-codex-primary-reset-at',
    'x-codex-primary-reset-after-seconds', 'x-codex-secondary-used-percent',
    'x-codex-secondary-window-minutes', 'x-codex-secondary-reset-at',
    'x-codex-secondary-reset-after-seconds', 'x-codex-active-limit', 'x-codex-turn-state',
    'x-models-etag', 'x-reasoning-included', 'apim-request-id', 'x-ms-region',
    'x-ms-rai-invoked', 'x-ms-deployment-name', 'x-ms-served-model', 'x-ms-client-request-id',
    'x-ms-retry-after-ms', 'x-envoy-upstream-service-time', 'server-timing'],
  array['alt', 'pageSize', 'pageToken'],
  1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')
on conflict (handle) do nothing;
