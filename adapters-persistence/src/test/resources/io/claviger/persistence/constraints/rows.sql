insert into users (id, handle, display_name, administrator, version, created_at, updated_at)
values (ALICE, 'alice', 'Alice', false, 1, now(), now()),
  (BOB, 'bob', 'Bob', false, 1, now(), now()),
  (CAROL, 'carol', 'Carol', false, 1, now(), now());
insert into users (
  id, handle, display_name, administrator, kind, responsible_id, responsible_handle,
  version, created_at, updated_at)
values (ROBOT, 'ci-bot', 'CI', false, 'service', ALICE, 'alice', 1, now(), now());
insert into trusted_issuers
values (INSTANCE, 'github', 'https://github.example', 1, now(), now());
insert into trusts (
  id, account_id, name, issuer_id, subject, claim_names, claim_values,
  max_lifetime_seconds, version, created_at, updated_at)
values (INSTANCE, ROBOT, 'main', INSTANCE, 's', '{}', '{}', 60, 1, now(), now());
insert into encryption_keys (id, state, sentinel)
values ('0a0b0c0d', 'live', SEALED), ('0a0b0c0e', 'retired', SEALED_UNDER_RETIRED),
  ('0a0b0c10', 'live', SEALED_UNDER_OTHER);
insert into definitions (
  id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint,
  model, public, version, created_at, updated_at)
values (GONE, ALICE, 'alice', 'template', '', 'openai', 'openai', 'http://localhost',
  'm', false, 1, now(), now());
insert into instances (
  id, owner_id, owner_handle, handle, display_name, description, provider, api_standard,
  endpoint, model, timeout_ms, enabled, central_key, user_keys, fallback_to_central,
  version, created_at, updated_at)
values
  (INSTANCE, ALICE, 'alice', 'i', 'I', '', 'openai', 'openai', 'http://localhost', 'm', 1,
    true, true, false, false, 1, now(), now()),
  (SECOND, ALICE, 'alice', 'j', 'J', '', 'openai', 'openai', 'http://localhost', 'm', 1,
    true, true, false, false, 1, now(), now()),
  (SYSTEMS, SYSTEM, '_system', 's', 'S', '', 'openai', 'openai', 'http://localhost', 'm',
    1, true, true, false, false, 1, now(), now());
insert into access_tokens (id, user_id, token_hash, name, scope, origin, created_at)
values (INSTANCE, ALICE, HASH, 'a', 'manage', 'user', now()),
  (SECOND, ALICE, sha256('2'), 'b', 'use', 'user', now());
insert into refresh_tokens values (SECOND, sha256('3'), sha256('4'), now());
insert into sign_in_links
values (sha256('6'), ALICE, now(), now() + interval '60 seconds');
insert into device_codes
values (INSTANCE, sha256('5'), 'BCDFGHJK', 'use', '', '', now(),
  now() + interval '10 minutes', 5);
insert into shares (
  instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
  may_reshare, version, created_at)
values (INSTANCE, 'alice', 'i', BOB, 'bob', 'owner', false, 1, now());
insert into shares (
  instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
  may_reshare, given_via, version, created_at)
values (INSTANCE, 'alice', 'i', CAROL, 'carol', 'reader', false, BOB, 1, now());
insert into groups (
  id, handle, display_name, kind, issuer, claim_value, version, created_at, updated_at)
values (TEAM, 'team', 'Team', 'local', null, null, 1, now(), now()),
  (SECOND, 'staff', 'Staff', 'synced', 'https://issuer', 'staff', 1, now(), now());
insert into group_members values (TEAM, BOB, 'manager', now());
insert into scim_tokens values (INSTANCE, 'okta', 'https://issuer', decode(repeat('00', 32), 'hex'), now(), null);
insert into scim_users (user_id, issuer, external_id, user_name, active, created_at, updated_at)
values (BOB, 'https://issuer', 'b', 'bob@x', true, now(), now());
insert into scim_groups values (SECOND, 'https://issuer', 'g', null);
insert into shares (
  instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
  may_reshare, version, created_at)
values (INSTANCE, 'alice', 'i', TEAM, '@team', 'reader', false, 1, now());
insert into definition_shares values (GONE, 'alice', 'template', BOB, 'bob', ALICE, 1, now());
insert into projects
values (INSTANCE, ALICE, 'alice', 'p', '', INSTANCE, 1, now(), now()),
  (SECOND, ALICE, 'alice', 'q', '', null, 1, now(), now());
insert into project_shares
values (INSTANCE, 'alice', 'p', BOB, 'bob', 'reader', ALICE, 1, now());
insert into projects (
  id, owner_id, owner_handle, handle, description, instance_id, visibility, version, created_at,
  updated_at)
values (SYSTEMS, ALICE, 'alice', 'open', '', SECOND, 'everybody', 1, now(), now());
insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
values (INSTANCE, BOB, SEALED, now());
insert into naming_keys (instance_id, key_sealed) values (INSTANCE, SEALED);
insert into audit_keys (id, public_key, key_sealed, created_at) values (repeat('k', 43), '\x00', SEALED, now());
insert into audit_chain values (1, INSTANCE, now(), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'));
insert into audit_head values (true, 1, decode(repeat('00', 32), 'hex'), now(), '\x00', 's');
insert into audit_push values (true, 1, repeat('0', 64), 1, INSTANCE, now());
insert into audit_older values (true, now(), INSTANCE);
insert into issuer_keys (kid, state, key_sealed, created_at) values (repeat('k', 43), 'signing', SEALED, now());
insert into billing_credentials (
  instance_id, id, api, endpoint, follows_service, model_access, credential_sealed, set_at)
values (INSTANCE, INSTANCE, 'openai', 'https://h', true, 'no', SEALED, now());
insert into attributed_users values (INSTANCE, ALICE, BOB, 'bob', '2026-11-01');
insert into default_services
values (BOB, INSTANCE, 'alice', 'i'), (SYSTEM, SYSTEMS, '_system', 's');
insert into model_configs (
  id, provider, model, display_name, enabled, is_default, instance_id, api_standard,
  format, name, on_failure, created_by, version, created_at, updated_at, deleted_at)
values
  (INSTANCE, 'openai', 'm', 'M', true, true, SYSTEMS, 'openai',
    'openai', 'm', 'none', ALICE, 1, now(), now(), null),
  (SECOND, 'cohere', 'm', 'M', true, false, null, null,
    'cohere', 'm', 'none', ALICE, 1, now(), now(), null),
  (GONE, 'openai', 'm', 'M', true, false, null, null,
    'openai', 'm', 'none', ALICE, 1, now(), now(), now());
insert into model_targets (model_id, position, format, instance_id, api_standard, model)
values (INSTANCE, 2, 'openai', SYSTEMS, 'openai', 'n');
insert into bare_names values (INSTANCE, BOB, now());
insert into transfers (
  id, from_id, from_handle, to_id, to_handle, offered_by, state, offered_at, expires_at)
values (INSTANCE, ALICE, 'alice', BOB, 'bob', ALICE, 'offered', now(),
  now() + interval '14 days');
insert into transfer_items (
  transfer_id, position, open, kind, handle, service_id, project_id)
values (INSTANCE, 1, true, 'service', 'i', INSTANCE, null),
  (INSTANCE, 2, true, 'project', 'p', null, INSTANCE);
insert into borrow_requests (
  id, instance_id, asked_owner, asked_handle, asker_id, asker_handle, role, models, operations,
  budgets, until, note, subject, state, asked_at)
values (INSTANCE, INSTANCE, 'alice', 'i', BOB, 'bob', 'writer', '{m}', '{POST embeddings}',
  '{1 usd month UTC measured refuse}', now(), 'please',
  encode(sha256('1'), 'hex'), 'open', now());
insert into muted_askers values (ALICE, 0, null), (ALICE, 1, BOB);
insert into moved_references
values ('service', 'alice', 'old', SYSTEMS, null, now() + interval '30 days'),
  ('project', 'alice', 'old', null, INSTANCE, now() + interval '30 days');
insert into model_lists (instance_id, asked_at) values (INSTANCE, now());
insert into audit_events (
  id, at, address, request_id, action, target_type, target_ref, outcome, fields)
values (GONE, now(), '', '', 'user.create', 'user', '', 'done', '{}');
insert into permit_leases (subject, granted, ends_at) values ('token:1', 1, now());
insert into token_leases (subject, granted, ends_at) values ('token:1', 1, now());
insert into token_debts values ('token:1', 1, now());
insert into place_leases values ('token:1', ALICE, 1, now());
insert into capacity_accounts values ('service:1', '', '\x01', now());
insert into capacity_limits values ('service:1', '', 'requests_per_minute', 60, now(), 1, now());
insert into capacity_minutes
values ('service:1', '', date_trunc('minute', now(), 'UTC'), ALICE, 1, 0, 0, 0, 0, 0);
insert into capacity_nodes values ('service:1', '', ALICE, 0, 0, 1, now());
insert into budget_accounts
values (INSTANCE, 'token:1', 'usd', 'total', 'UTC', now());
insert into budget_windows
values (INSTANCE, '2026-01-01', '2026-02-01', 0, 1, now());
insert into budget_openings values (INSTANCE, '2026-01-01', 'litellm', 1, now());
insert into budget_nodes values (GONE, now());
insert into budget_leases
values (INSTANCE, '2026-01-01', GONE, 1, 1, 0, 1, 0, now());
insert into budget_raises
values (INSTANCE, INSTANCE, 1, now() + interval '1 day', now(), ALICE);
insert into webhooks (
  id, user_id, url, thresholds, secret_sealed, version, created_at, updated_at,
  next_attempt_at)
values (INSTANCE, ALICE, 'https://h', '{50}', SEALED, 1, now(), now(), now());
insert into webhook_messages
values (INSTANCE, INSTANCE, 'token:1', 'usd', 'total', 'UTC', now(), null, 50, 2, 1, now());
insert into told_events values ('key.old', INSTANCE, INSTANCE, now(), now());
insert into arrivals values ('1/2', 'user', 'Bob', BOB, now());
insert into nodes (id, name, held, sealing) values (GONE, 'a node', '{0badc0de}', '0badc0de');
insert into usage_writers (writer, batch) values (GONE, 1);
insert into usage_models values ('2026-01-01', INSTANCE, 1, 'm');
insert into usage_charges values ('user:1', '2026-01-01T00:15:00Z', 1, 0, 0);
insert into usage_periods values ('day', '2026-01-02');
insert into late_usage (grain, period) values ('day', '2026-01-02');
insert into usage_totals values ('day', '2026-01-02', 'user', 'bob', 1, 0, 0, 0);
insert into usage_rollups (
  grain, period, user_id, user_handle, instance_id, instance_ref, owner_id, project_id,
  key_source, model, requests, errors, bytes_in, bytes_out, input_tokens, output_tokens,
  refused, cached_input, cache_write_5m, cache_write_1h, reasoning, audio_input,
  audio_output, image_tokens, image_output, images, estimated_requests,
  estimated_input_tokens, estimated_output_tokens, priced, cost, callers_cost, estimated_cost)
values (
  'day', '2026-01-02', '00000000-0000-0000-0000-000000000000', '', INSTANCE, 'alice/s',
  ALICE, '00000000-0000-0000-0000-000000000000', 'central', '', 1, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
insert into prices (provider, model, valid_from, input, written_at)
values ('openai', 'm', '2026-01-01', 1, now());
insert into prices (instance_id, number, model, valid_from, input, written_at)
values (INSTANCE, 1, 'm', '2026-01-01', 1, now());
insert into bill_invoices
values (INSTANCE, ALICE, '2026-01-01', 'USD', 3, '{m,n}', '{1,2}', 1, now(), now());
insert into bill_days
values (INSTANCE, ALICE, '2026-01-01', now(), '{m}', '{k}', '{t}', '{1,2,3,4,5,6}', '{0}', '{f}', '{1}',
  '{l}', '{m}', '{USD}', '{1}');
insert into bill_runs (service_id, due_at) values (INSTANCE, now());
insert into bill_months values (INSTANCE, '2026-01-01', 1, now());
insert into model_bounds (provider, model, max_output) values ('openai', 'm', 1);
insert into usage_daily
values ('2026-01-01', BOB, 'bob', INSTANCE, 'alice/i', ALICE,
  '00000000-0000-0000-0000-000000000000', null, null, 'central', 1, 0, 0, 0, 0, 0);

insert into rejected_keys (instance_id, user_id, key_set_at, since, last_at, status)
values (INSTANCE, null, now(), now(), now(), 401), (INSTANCE, BOB, now(), now(), now(), 403);
insert into provider_objects (
  service_id, kind, object_id, holder_user_id, maker_id, borrower_id, made_with, bytes, state)
values (INSTANCE, 'files', 'file-1', BOB, BOB, BOB, '{}', 5, 'live');
insert into shared_objects (service_id, kind, object_id, access, for_all, by_id, shared_at)
values (INSTANCE, 'prompts', 'pmpt_1', 'refer', false, ALICE, now());
insert into shared_object_borrowers (service_id, kind, object_id, user_id)
values (INSTANCE, 'prompts', 'pmpt_1', BOB);
insert into batch_files (object_row, requests, path, models, quantities)
select id, 1, 'responses', '{m}', '{1,1,1,1,0,0,1,1,0,0,1,1,0}' from provider_objects;
insert into batch_reservations
values ('00000000-0000-0000-0000-0000000000b1', INSTANCE, 'batch_1', 'file-1', 'open', BOB, 'bob',
  'alice/s', ALICE, null, null, null, 'central', 'openai', 'responses', '{}', '{m}',
  '{1,1,1,1,1,0,0}', now(), now() + interval '1 day', now(), 0, null);
insert into batch_budgets
select '00000000-0000-0000-0000-0000000000b1', account_id, starts_at, 1, 1, true
from budget_windows;
insert into open_connections (
  id, node_id, node, instance_id, user_id, opened_at, messages, responses)
values (GONE, GONE, 'a node', INSTANCE, BOB, now(), 1, 1);
insert into client_secrets (
  secret_hash, token_hash, user_id, place, instance_id, session, expires_at)
select sha256('s'), token_hash, user_id, 0, INSTANCE, 's', now() from access_tokens limit 1;
insert into current_activity (
  id, node_id, instance_id, user_id, running, calls, refused, input_tokens, output_tokens, cost)
values (GONE, GONE, INSTANCE, BOB, 1, 1, 1, 1, 1, 1);
insert into trust_uses select id, now() from trusts;
insert into activity_watch (since, looked_at) values (now(), now());
insert into approvals values (
  SECOND, INSTANCE, 1, ALICE, 'write', 'write', array['endpoint'], array['endpoint', '=a', ''], 2, 'waiting',
  SEALED, now(), now() + interval '1 hour');
insert into approval_consents values (SECOND, BOB, now());
insert into reviews values (
  SECOND, INSTANCE, null, ALICE, ALICE, 'alice', now(), now() + interval '90 hours');
insert into review_lines values (
  SECOND, 'bob', 'user', BOB, 'reader', 'alice', now(), null, '1', 'keep', 'alice', now());
