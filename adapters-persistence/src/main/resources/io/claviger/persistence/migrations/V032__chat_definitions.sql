-- Definitions for chat beside those for embeddings. A definition that an administrator has made
-- under the same handle stays, and none is made for a standard that was deleted.
insert into definitions (
  id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint, model,
  dimensions, context_limit, public, version, created_at, updated_at)
select
  id, '01900000-0000-7000-8000-000000000001', '_system', handle, '', provider, api_standard,
  endpoint, model, null, context_limit, false, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'
from (
  values
    ('01900000-0000-7000-8000-0000000000d6'::uuid, 'openai-chat', 'openai', 'openai',
     'https://api.openai.com/v1', 'gpt-5', 400000),
    ('01900000-0000-7000-8000-0000000000d7'::uuid, 'anthropic-chat', 'anthropic', 'anthropic',
     'https://api.anthropic.com', 'claude-sonnet-4-5', 200000),
    ('01900000-0000-7000-8000-0000000000d8'::uuid, 'gemini-chat', 'google', 'gemini',
     'https://generativelanguage.googleapis.com', 'gemini-2.5-flash', 1048576),
    ('01900000-0000-7000-8000-0000000000d9'::uuid, 'cohere-chat', 'cohere', 'cohere',
     'https://api.cohere.com', 'command-a-03-2025', 256000),
    ('01900000-0000-7000-8000-0000000000da'::uuid, 'ollama-chat', 'ollama', 'none',
     'http://localhost:11434/v1', 'llama3.3', 131072)
) as each (id, handle, provider, api_standard, endpoint, model, context_limit)
where exists (select from api_standards s where s.handle = each.api_standard)
on conflict do nothing;
