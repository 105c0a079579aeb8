-- More headers and operations of a format's own lists. Standards that have another list keep it: somebody chose it.
update api_standards
set request_headers = request_headers || array['x-initiator', 'x-interaction-type', 'x-opencode-session-id']
where request_headers = array['accept', 'accept-language', 'content-type', 'content-length', 'user-agent',
    'idempotency-key', 'anthropic-*', 'openai-beta', 'x-stainless-*', 'x-goog-api-client',
    'x-goog-request-params', 'x-client-name', 'traceparent', 'tracestate', 'x-claude-code-*',
    'x-codex-*', 'x-app', 'session-id', 'session_id', 'thread-id', 'conversation_id',
    'originator', 'x-client-request-id', 'x-session-*', 'x-fern-*'];

-- Imagen.
update api_standards
set operations = operations || array['POST **/models/{model}:predict']
where format = 'gemini' and operations = array['POST **/models/{model}:embedContent', 'POST **/models/{model}:batchEmbedContents',
    'POST **/models/{model}:generateContent',
    'POST **/models/{model}:streamGenerateContent', 'POST **/models/{model}:countTokens',
    'GET **/models', 'GET **/models/{model}',
    'POST **/tunedModels/{model}:embedContent',
    'POST **/tunedModels/{model}:batchEmbedContents',
    'POST **/tunedModels/{model}:generateContent',
    'POST **/tunedModels/{model}:streamGenerateContent',
    'POST **/tunedModels/{model}:countTokens'];

-- The paths below the URL of an Azure resource that need no version in the query.
update api_standards
set operations = operations || array[
    'POST openai/v1/embeddings',
    'POST openai/v1/chat/completions',
    'POST openai/v1/completions',
    'POST openai/v1/responses',
    'POST openai/v1/responses/compact',
    'POST openai/v1/responses/input_tokens',
    'POST openai/v1/images/generations',
    'POST openai/v1/images/edits',
    'POST openai/v1/audio/speech',
    'POST openai/v1/audio/transcriptions',
    'POST openai/v1/audio/translations',
    'GET openai/v1/models',
    'GET openai/v1/models/{id}']
where handle = 'azure-openai' and operations = array['POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses',
    'POST moderations', 'POST images/generations', 'POST audio/speech',
    'POST audio/transcriptions', 'POST audio/translations', 'POST rerank', 'GET models',
    'GET models/{id}',
    'POST images/edits', 'POST images/variations', 'POST responses/compact',
    'POST responses/input_tokens', 'POST fim/completions', 'POST ocr',
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
    'POST deployments/{deployment}/audio/translations'];
