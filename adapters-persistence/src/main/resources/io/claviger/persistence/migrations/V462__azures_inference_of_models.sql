-- Azure's API for models of all vendors. A standard that has another list than the usual one keeps it: somebody chose it.
update api_standards
set operations = operations || array['POST models/chat/completions', 'POST models/embeddings']
where handle = 'azure-openai' and operations = array[
    'POST embeddings', 'POST chat/completions', 'POST completions', 'POST responses', 'POST moderations',
    'POST images/generations', 'POST audio/speech', 'POST audio/transcriptions', 'POST audio/translations',
    'POST rerank', 'GET models', 'GET models/{id}', 'POST images/edits', 'POST images/variations',
    'POST responses/compact', 'POST responses/input_tokens', 'POST fim/completions', 'POST ocr', 'GET realtime',
    'POST openai/responses', 'POST openai/responses/compact', 'POST openai/responses/input_tokens',
    'GET openai/models', 'GET openai/models/{id}', 'POST openai/deployments/{deployment}/chat/completions',
    'POST openai/deployments/{deployment}/completions', 'POST openai/deployments/{deployment}/embeddings',
    'POST openai/deployments/{deployment}/images/generations', 'POST openai/deployments/{deployment}/images/edits',
    'POST openai/deployments/{deployment}/audio/speech', 'POST openai/deployments/{deployment}/audio/transcriptions',
    'POST openai/deployments/{deployment}/audio/translations', 'POST deployments/{deployment}/chat/completions',
    'POST deployments/{deployment}/completions', 'POST deployments/{deployment}/embeddings',
    'POST deployments/{deployment}/images/generations', 'POST deployments/{deployment}/images/edits',
    'POST deployments/{deployment}/audio/speech', 'POST deployments/{deployment}/audio/transcriptions',
    'POST deployments/{deployment}/audio/translations', 'POST openai/v1/embeddings', 'POST openai/v1/chat/completions',
    'POST openai/v1/completions', 'POST openai/v1/responses', 'POST openai/v1/responses/compact',
    'POST openai/v1/responses/input_tokens', 'POST openai/v1/images/generations', 'POST openai/v1/images/edits',
    'POST openai/v1/audio/speech', 'POST openai/v1/audio/transcriptions', 'POST openai/v1/audio/translations',
    'GET openai/v1/models', 'GET openai/v1/models/{id}', 'GET openai/v1/realtime', 'GET openai/realtime'];
