-- Sessions of Gemini's Live API. Standards that have another list than the usual one keep it: somebody chose it.
update api_standards
set operations = operations || array['GET live']
where format = 'gemini' and operations = array[
    'POST **/models/{model}:embedContent', 'POST **/models/{model}:batchEmbedContents',
    'POST **/models/{model}:generateContent', 'POST **/models/{model}:streamGenerateContent',
    'POST **/models/{model}:countTokens', 'GET **/models', 'GET **/models/{model}',
    'POST **/tunedModels/{model}:embedContent', 'POST **/tunedModels/{model}:batchEmbedContents',
    'POST **/tunedModels/{model}:generateContent', 'POST **/tunedModels/{model}:streamGenerateContent',
    'POST **/tunedModels/{model}:countTokens', 'POST **/models/{model}:predict'];

-- Azure's preview of the Realtime API is found below the root of an endpoint.
update api_standards
set operations = operations || array['GET openai/realtime']
where handle = 'azure-openai' and operations[array_upper(operations, 1)] = 'GET openai/v1/realtime';
