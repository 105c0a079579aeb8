-- More headers, operations and parameters of a format's own lists. Standards that have another list keep it:
-- somebody chose it.
update api_standards
set request_headers = array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-*', 'openai-beta', 'x-stainless-*', 'x-goog-api-client',
    'x-goog-request-params', 'x-client-name', 'traceparent', 'tracestate', 'x-claude-code-*',
    'x-codex-*', 'x-app', 'session-id', 'session_id', 'thread-id', 'conversation_id',
    'originator', 'x-client-request-id', 'x-session-*', 'x-fern-*']
where request_headers = array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-beta',
    'x-stainless-*', 'x-goog-api-client', 'x-goog-request-params', 'x-client-name',
    'traceparent', 'tracestate'];

update api_standards
set operations = operations || array['POST images/edits', 'POST images/variations', 'POST responses/compact',
    'POST responses/input_tokens', 'POST fim/completions', 'POST ocr']
where format = 'openai' and operations = array['POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses',
    'POST moderations', 'POST images/generations', 'POST audio/speech',
    'POST audio/transcriptions', 'POST audio/translations', 'POST rerank', 'GET models',
    'GET models/{id}'];

update api_standards
set operations = operations || array['GET v1/models/{model}', 'POST v1/classify', 'POST v2/audio/transcriptions']
where format = 'cohere' and operations = array['POST v1/embed', 'POST v2/embed', 'POST v1/chat', 'POST v2/chat', 'POST v1/rerank',
    'POST v2/rerank', 'POST v1/tokenize', 'POST v1/detokenize', 'GET v1/models'];

update api_standards
set operations = operations || array['POST **/tunedModels/{model}:embedContent',
    'POST **/tunedModels/{model}:batchEmbedContents',
    'POST **/tunedModels/{model}:generateContent',
    'POST **/tunedModels/{model}:streamGenerateContent',
    'POST **/tunedModels/{model}:countTokens']
where format = 'gemini' and operations = array['POST **/models/{model}:embedContent', 'POST **/models/{model}:batchEmbedContents',
    'POST **/models/{model}:generateContent',
    'POST **/models/{model}:streamGenerateContent', 'POST **/models/{model}:countTokens',
    'GET **/models', 'GET **/models/{model}'];

-- The paths of Azure's own SDKs.
update api_standards
set operations = operations || array[
    'POST openai/responses',
    'POST openai/responses/compact',
    'POST openai/responses/input_tokens',
    'GET openai/models',
    'GET openai/models/{id}',
    'POST openai/deployments/{deployment}/chat/completions',
    'POST openai/deployments/{deployment}/completions',
    'POST openai/deployments/{deployment}/embeddings',
    'POST openai/deployments/{deployment}/images/generations',
    'POST openai/deployments/{deployment}/images/edits',
    'POST openai/deployments/{deployment}/audio/speech',
    'POST openai/deployments/{deployment}/audio/transcriptions',
    'POST openai/deployments/{deployment}/audio/translations',
    'POST deployments/{deployment}/chat/completions',
    'POST deployments/{deployment}/completions',
    'POST deployments/{deployment}/embeddings',
    'POST deployments/{deployment}/images/generations',
    'POST deployments/{deployment}/images/edits',
    'POST deployments/{deployment}/audio/speech',
    'POST deployments/{deployment}/audio/transcriptions',
    'POST deployments/{deployment}/audio/translations']
where handle = 'azure-openai' and operations = array['POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses',
    'POST moderations', 'POST images/generations', 'POST audio/speech',
    'POST audio/transcriptions', 'POST audio/translations', 'POST rerank', 'GET models',
    'GET models/{id}',
    'POST images/edits', 'POST images/variations', 'POST responses/compact',
    'POST responses/input_tokens', 'POST fim/completions', 'POST ocr'];

-- Clients of the Responses API send it.
update api_standards
set query_parameters = query_parameters || array['beta']
where format = 'openai' and (query_parameters = '{}' or query_parameters = '{api-version}')
  and not (key_method = 'query_param' and key_field = 'beta');
