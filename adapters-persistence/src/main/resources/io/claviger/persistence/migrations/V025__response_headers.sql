-- Which of a provider's headers come back to the caller. Standards that are there get the list that every
-- format has.
alter table api_standards
  add column response_headers text[] not null default array[
    'content-*', 'date', 'cache-control', 'vary', 'retry-after', 'retry-after-ms', 'x-should-retry',
    'x-ratelimit-*', 'anthropic-ratelimit-*', 'anthropic-beta', 'openai-processing-ms', 'openai-version',
    'openai-model', 'x-api-warning', 'num_chars', 'num_tokens', 'x-*-call-limit', 'x-codex-*',
    'x-models-etag', 'x-reasoning-included', 'x-goog-*', 'apim-request-id', 'x-ms-*',
    'x-envoy-upstream-service-time', 'server-timing'],
  add constraint api_standards_response_headers_count
    check (cardinality(response_headers) <= 100 and array_position(response_headers, null) is null);
alter table api_standards alter column response_headers drop default;
