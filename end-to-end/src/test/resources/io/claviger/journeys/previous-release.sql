-- A database of the release whose newest migration is V016, with something of every kind in it.
-- Made once by `pg_dump --inserts --no-owner --no-privileges` (PostgreSQL 15) from a database that a
-- running program had filled; UpgradeJourneyTest says with which encryption key and tokens. It never
-- changes: a later release gets a dump of its own beside it.
-- PostgreSQL database dump
-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
-- Name: add_saturating(bigint, bigint); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.add_saturating(one bigint, other bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (LEAST(((one)::numeric + (other)::numeric), ('9223372036854775807'::bigint)::numeric))::bigint;
-- Name: FUNCTION add_saturating(one bigint, other bigint); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.add_saturating(one bigint, other bigint) IS 'The sum, or the largest number: a count never turns negative and never stops the counting.';
-- Name: audit_events_stand(); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.audit_events_stand() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'audit events are neither changed nor removed'
    using errcode = 'insufficient_privilege';
end
$$;
-- Name: is_handle(text); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.is_handle(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((value ~ '^[a-z0-9][a-z0-9._-]{0,63}$'::text) AND (value <> ALL (ARRAY['me'::text, 'admin'::text, 'public'::text])));
-- Name: FUNCTION is_handle(value text); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.is_handle(value text) IS 'Whether a text may name what a user owns, and a user other than _system.';
-- Name: sealed_under(bytea); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.sealed_under(value bytea) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN encode(SUBSTRING(value FROM 2 FOR 4), 'hex'::text);
-- Name: FUNCTION sealed_under(value bytea); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.sealed_under(value bytea) IS 'The id of the encryption key that a value was sealed under.';
-- Name: is_resealed(bytea, bytea); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.is_resealed(before bytea, after bytea) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((NOT (before IS DISTINCT FROM after)) OR COALESCE((public.sealed_under(before) <> public.sealed_under(after)), false));
-- Name: FUNCTION is_resealed(before bytea, after bytea); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.is_resealed(before bytea, after bytea) IS 'Whether a sealed value is what it was, or the same sealed under another encryption key, as it is taken to be: to seal anew is no change.';
-- Name: lease_permits(text, integer, integer, interval); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.lease_permits(of_subject text, per_minute integer, wanted integer, lifetime interval, OUT lease bigint, OUT granted integer, OUT retry_after interval) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
  now_exactly timestamp with time zone;
  taken bigint;
begin
  -- One at a time for each subject; what is lost in a crash of the database is a moment's permits.
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(hashtextextended('permits ' || of_subject, 0));
  now_exactly := clock_timestamp();
  delete from permit_leases l
  where l.id in (
    select o.id from permit_leases o where o.ends_at <= now_exactly - interval '60 seconds'
    order by o.ends_at limit 50 for update skip locked);
  select coalesce(sum(l.granted), 0) into taken
  from permit_leases l
  where l.subject = of_subject and l.ends_at > now_exactly - interval '60 seconds';
  granted := greatest(0, least(wanted, per_minute - taken));
  lease := 0;
  retry_after := interval '0';
  if granted > 0 then
    insert into permit_leases (subject, granted, ends_at)
    values (of_subject, lease_permits.granted, now_exactly + lifetime)
    returning id into lease;
  else
    select greatest(interval '1 millisecond', min(l.ends_at) + interval '60 seconds' - now_exactly)
    into retry_after
    from permit_leases l
    where l.subject = of_subject and l.granted > 0
      and l.ends_at > now_exactly - interval '60 seconds';
    retry_after := coalesce(retry_after, interval '1 second');
  end if;
end
$$;
-- Name: FUNCTION lease_permits(of_subject text, per_minute integer, wanted integer, lifetime interval, OUT lease bigint, OUT granted integer, OUT retry_after interval); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.lease_permits(of_subject text, per_minute integer, wanted integer, lifetime interval, OUT lease bigint, OUT granted integer, OUT retry_after interval) IS 'Leases up to the wanted number of permits of a subject, by the clock of the database. None granted: when the eldest ones are free again.';
-- Name: looks_sealed(bytea); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.looks_sealed(value bytea) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((octet_length(value) > 33) AND (get_byte(value, 0) = 1));
-- Name: FUNCTION looks_sealed(value bytea); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.looks_sealed(value bytea) IS 'Whether bytes have the form of a sealed value: a byte 1, four bytes of the encryption key''s id, nonce, ciphertext and tag. No column that holds a secret takes others.';
-- Name: note_change(uuid); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.note_change(changed uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  mine bigint := nullif(current_setting('claviger.change_point', true), '');
begin
  if mine is null then
    update change_counter set point = point + 1 returning point into mine;
    perform set_config('claviger.change_point', mine::text, true);
    -- Whoever comes here holds the counter, so nobody else is removing lines.
    delete from changes where at < clock_timestamp() - interval '10 minutes';
  end if;
  insert into changes (point, subject) values (mine, changed) on conflict do nothing;
end
$$;
-- Name: FUNCTION note_change(changed uuid); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.note_change(changed uuid) IS 'Puts a change on record at the point of this transaction. Called by deferred triggers, at its very end.';
-- Name: note_everything(); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.note_everything() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform note_change('00000000-0000-0000-0000-000000000000');
  return null;
end
$$;
-- Name: note_row(); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.note_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  line jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  perform note_change((line ->> tg_argv[0])::uuid);
  return null;
end
$$;
-- Name: FUNCTION note_row(); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.note_row() IS 'Notes the change of what the named column of the row refers to.';
-- Name: page_start(text, text, text); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.page_start(owner text, after_owner text, after_handle text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((owner COLLATE "C") > (after_owner COLLATE "C")) THEN ''::text WHEN (owner = after_owner) THEN after_handle ELSE NULL::text END;
-- Name: FUNCTION page_start(owner text, after_owner text, after_handle text); Type: COMMENT; Schema: public; Owner: -
COMMENT ON FUNCTION public.page_start(owner text, after_owner text, after_handle text) IS 'Behind which handle of one owner a page begins that begins behind (after_owner, after_handle); null where that owner is past. A row comparison together with one owner would read the index from there to its end.';
-- Name: users_keep_system(); Type: FUNCTION; Schema: public; Owner: -
CREATE FUNCTION public.users_keep_system() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '_system is built in and stays' using errcode = 'restrict_violation';
end
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
-- Name: access_tokens; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.access_tokens (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    name text NOT NULL,
    scope text NOT NULL,
    origin text NOT NULL,
    service_id uuid,
    limit_requests_per_minute integer,
    limit_models text[],
    limit_operations text[],
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    project_id uuid,
    CONSTRAINT access_tokens_limit_models_count CHECK (((cardinality(limit_models) >= 1) AND (cardinality(limit_models) <= 100))),
    CONSTRAINT access_tokens_limit_operations_count CHECK (((cardinality(limit_operations) >= 1) AND (cardinality(limit_operations) <= 100))),
    CONSTRAINT access_tokens_limit_requests_per_minute_bounds CHECK (((limit_requests_per_minute >= 1) AND (limit_requests_per_minute <= 1000000))),
    CONSTRAINT access_tokens_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT access_tokens_not_of_system CHECK ((user_id <> '01900000-0000-7000-8000-000000000001'::uuid)),
    CONSTRAINT access_tokens_origin_known CHECK ((origin = ANY (ARRAY['user'::text, 'first'::text, 'recovery'::text, 'command'::text, 'environment'::text]))),
    CONSTRAINT access_tokens_restricted_is_use CHECK (((num_nonnulls(service_id, project_id) = 0) OR (scope = 'use'::text))),
    CONSTRAINT access_tokens_restricted_to_one CHECK ((num_nonnulls(service_id, project_id) <= 1)),
    CONSTRAINT access_tokens_scope_known CHECK ((scope = ANY (ARRAY['manage'::text, 'use'::text]))),
    CONSTRAINT access_tokens_token_hash_length CHECK ((octet_length(token_hash) = 32))
);
-- Name: TABLE access_tokens; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.access_tokens IS 'What callers present, known by the SHA-256 of its text, which is stored nowhere. Ends with its user and with the service or project it is restricted to. _system has none.';
-- Name: api_standards; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.api_standards (
    handle text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    format text NOT NULL,
    key_method text NOT NULL,
    key_field text NOT NULL,
    operations text[] NOT NULL,
    request_headers text[] NOT NULL,
    query_parameters text[] NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT api_standards_description_length CHECK ((char_length(description) <= 10000)),
    CONSTRAINT api_standards_format_known CHECK ((format = ANY (ARRAY['openai'::text, 'cohere'::text, 'gemini'::text, 'anthropic'::text]))),
    CONSTRAINT api_standards_handle_shape CHECK (public.is_handle(handle)),
    CONSTRAINT api_standards_key_field_fits CHECK (
CASE key_method
    WHEN 'none'::text THEN (key_field = ''::text)
    WHEN 'auth_bearer'::text THEN (key_field = 'authorization'::text)
    ELSE ((char_length(key_field) >= 1) AND (char_length(key_field) <= 100))
END),
    CONSTRAINT api_standards_key_method_known CHECK ((key_method = ANY (ARRAY['auth_bearer'::text, 'custom_header'::text, 'query_param'::text, 'body_form'::text, 'none'::text]))),
    CONSTRAINT api_standards_operations_count CHECK ((((cardinality(operations) >= 1) AND (cardinality(operations) <= 200)) AND (array_position(operations, NULL::text) IS NULL))),
    CONSTRAINT api_standards_query_parameters_count CHECK (((cardinality(query_parameters) <= 100) AND (array_position(query_parameters, NULL::text) IS NULL))),
    CONSTRAINT api_standards_request_headers_count CHECK (((cardinality(request_headers) <= 100) AND (array_position(request_headers, NULL::text) IS NULL))),
    CONSTRAINT api_standards_version_positive CHECK ((version > 0))
);
-- Name: TABLE api_standards; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.api_standards IS 'How providers are spoken to. Keys are sealed to the placement (key_method, key_field): it changes only while nothing refers to the standard.';
-- Name: audit_events; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.audit_events (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id uuid,
    actor text COLLATE pg_catalog."C",
    token_id uuid,
    address text NOT NULL,
    request_id text NOT NULL,
    action text NOT NULL COLLATE pg_catalog."C",
    target_type text NOT NULL,
    target_id uuid,
    target_ref text NOT NULL,
    target_owner_id uuid,
    outcome text NOT NULL,
    fields text[] NOT NULL,
    CONSTRAINT audit_events_action_shape CHECK ((action ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT audit_events_outcome_known CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text])))
);
-- Name: TABLE audit_events; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.audit_events IS 'Who did or tried what, for good: a trigger refuses to change or remove a line. It refers to nothing, so that it outlives users and what they owned. Names of fields, never values.';
-- Name: change_counter; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.change_counter (
    only_one boolean DEFAULT true NOT NULL,
    point bigint NOT NULL,
    CONSTRAINT change_counter_one CHECK (only_one),
    CONSTRAINT change_counter_positive CHECK ((point >= 0))
);
-- Name: TABLE change_counter; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.change_counter IS 'Counts the transactions that changed what calls through the gateway depend on. Its row is locked from the end of such a transaction until its commit, so that points become visible in their order and without gaps: who read up to one has missed nothing before it.';
-- Name: changes; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.changes (
    point bigint NOT NULL,
    subject uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
-- Name: TABLE changes; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.changes IS 'Which users, instances and projects a transaction changed, by its point; the nil UUID stands for all. Nodes read from where they were and forget what they remembered of these. Old lines are removed; a node that was away longer forgets everything.';
-- Name: default_services; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.default_services (
    user_id uuid NOT NULL,
    instance_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    instance_handle text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT default_services_of_system_is_system_level CHECK (((user_id <> '01900000-0000-7000-8000-000000000001'::uuid) OR (owner_handle = '_system'::text)))
);
-- Name: TABLE default_services; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.default_services IS 'Which instance each user chose as their default, and _system as everybody''s, at most one each. A choice stays while the instance is disabled or out of reach, and ends with it and with the user.';
-- Name: definition_shares; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.definition_shares (
    definition_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    definition_handle text NOT NULL COLLATE pg_catalog."C",
    grantee_id uuid NOT NULL,
    grantee_handle text NOT NULL COLLATE pg_catalog."C",
    given_by uuid,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT definition_shares_not_with_owner CHECK ((owner_handle <> grantee_handle)),
    CONSTRAINT definition_shares_nothing_of_system CHECK ((owner_handle <> '_system'::text)),
    CONSTRAINT definition_shares_nothing_with_system CHECK ((grantee_handle <> '_system'::text)),
    CONSTRAINT definition_shares_version_positive CHECK ((version > 0))
);
-- Name: TABLE definition_shares; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.definition_shares IS 'The sight of a definition that one user was given by name. It has no role, no bounds and no end of its own.';
-- Name: definitions; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.definitions (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    handle text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    provider text NOT NULL,
    api_standard text NOT NULL COLLATE pg_catalog."C",
    endpoint text NOT NULL,
    model text NOT NULL,
    dimensions integer,
    context_limit integer,
    public boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT definitions_context_limit_positive CHECK ((context_limit > 0)),
    CONSTRAINT definitions_description_length CHECK ((char_length(description) <= 10000)),
    CONSTRAINT definitions_dimensions_bounds CHECK (((dimensions >= 1) AND (dimensions <= 65536))),
    CONSTRAINT definitions_endpoint_length CHECK ((char_length(endpoint) <= 2048)),
    CONSTRAINT definitions_endpoint_shape CHECK ((endpoint ~ '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*[^/?#[:space:]])?$'::text)),
    CONSTRAINT definitions_handle_shape CHECK (public.is_handle(handle)),
    CONSTRAINT definitions_model_length CHECK (((char_length(model) >= 1) AND (char_length(model) <= 256))),
    CONSTRAINT definitions_provider_shape CHECK ((provider ~ '^[a-z0-9-]{1,64}$'::text)),
    CONSTRAINT definitions_system_not_public CHECK ((NOT (public AND (owner_handle = '_system'::text)))),
    CONSTRAINT definitions_version_positive CHECK ((version > 0))
);
-- Name: TABLE definitions; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.definitions IS 'Templates of instances, without keys. Those of _system are seen by everybody and so are never marked public.';
-- Name: encryption_keys; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.encryption_keys (
    id text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    sentinel bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT encryption_keys_id_shape CHECK ((id ~ '^[0-9a-f]{8}$'::text)),
    CONSTRAINT encryption_keys_sentinel_sealed CHECK (public.looks_sealed(sentinel)),
    CONSTRAINT encryption_keys_sentinel_under_id CHECK ((public.sealed_under(sentinel) = id)),
    CONSTRAINT encryption_keys_state_known CHECK ((state = ANY (ARRAY['live'::text, 'retired'::text])))
);
-- Name: TABLE encryption_keys; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.encryption_keys IS 'The encryption keys that values are or were sealed under: ids and sentinels, never the keys. Sealed rows refer to (id, live), so that a key in use can''t be retired and nothing is sealed under a retired one.';
-- Name: flyway_schema_history; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
-- Name: instances; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.instances (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    handle text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL,
    description text NOT NULL,
    definition_id uuid,
    provider text NOT NULL,
    api_standard text NOT NULL COLLATE pg_catalog."C",
    endpoint text NOT NULL,
    endpoint_set_by uuid,
    model text NOT NULL,
    dimensions integer,
    context_limit integer,
    timeout_ms integer NOT NULL,
    organization text,
    enabled boolean NOT NULL,
    central_key boolean NOT NULL,
    user_keys boolean NOT NULL,
    fallback_to_central boolean NOT NULL,
    limit_requests_per_minute integer,
    limit_models text[],
    limit_operations text[],
    custom_header_names text[] DEFAULT '{}'::text[] NOT NULL,
    headers_sealed bytea,
    headers_sealed_under text GENERATED ALWAYS AS (public.sealed_under(headers_sealed)) STORED COLLATE pg_catalog."C",
    headers_sealed_state text GENERATED ALWAYS AS (
CASE
    WHEN (headers_sealed IS NOT NULL) THEN 'live'::text
    ELSE NULL::text
END) STORED COLLATE pg_catalog."C",
    api_key_sealed bytea,
    api_key_sealed_under text GENERATED ALWAYS AS (public.sealed_under(api_key_sealed)) STORED COLLATE pg_catalog."C",
    api_key_sealed_state text GENERATED ALWAYS AS (
CASE
    WHEN (api_key_sealed IS NOT NULL) THEN 'live'::text
    ELSE NULL::text
END) STORED COLLATE pg_catalog."C",
    api_key_set_at timestamp with time zone,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT instances_api_key_has_time CHECK (((api_key_sealed IS NULL) = (api_key_set_at IS NULL))),
    CONSTRAINT instances_api_key_looks_sealed CHECK (public.looks_sealed(api_key_sealed)),
    CONSTRAINT instances_context_limit_positive CHECK ((context_limit > 0)),
    CONSTRAINT instances_custom_header_names_count CHECK (((cardinality(custom_header_names) <= 32) AND (array_position(custom_header_names, NULL::text) IS NULL))),
    CONSTRAINT instances_description_length CHECK ((char_length(description) <= 10000)),
    CONSTRAINT instances_dimensions_bounds CHECK (((dimensions >= 1) AND (dimensions <= 65536))),
    CONSTRAINT instances_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
    CONSTRAINT instances_endpoint_length CHECK ((char_length(endpoint) <= 2048)),
    CONSTRAINT instances_endpoint_shape CHECK ((endpoint ~ '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*[^/?#[:space:]])?$'::text)),
    CONSTRAINT instances_handle_shape CHECK (public.is_handle(handle)),
    CONSTRAINT instances_headers_have_names CHECK (((headers_sealed IS NULL) = (custom_header_names = '{}'::text[]))),
    CONSTRAINT instances_headers_look_sealed CHECK (public.looks_sealed(headers_sealed)),
    CONSTRAINT instances_key_policy_valid CHECK (((central_key OR user_keys) AND ((NOT fallback_to_central) OR (central_key AND user_keys)))),
    CONSTRAINT instances_limit_models_count CHECK (((cardinality(limit_models) >= 1) AND (cardinality(limit_models) <= 100))),
    CONSTRAINT instances_limit_operations_count CHECK (((cardinality(limit_operations) >= 1) AND (cardinality(limit_operations) <= 100))),
    CONSTRAINT instances_limit_requests_per_minute_bounds CHECK (((limit_requests_per_minute >= 1) AND (limit_requests_per_minute <= 1000000))),
    CONSTRAINT instances_model_length CHECK (((char_length(model) >= 1) AND (char_length(model) <= 256))),
    CONSTRAINT instances_organization_length CHECK (((char_length(organization) >= 1) AND (char_length(organization) <= 256))),
    CONSTRAINT instances_provider_shape CHECK ((provider ~ '^[a-z0-9-]{1,64}$'::text)),
    CONSTRAINT instances_timeout_ms_bounds CHECK (((timeout_ms >= 1) AND (timeout_ms <= 600000))),
    CONSTRAINT instances_version_positive CHECK ((version > 0))
);
-- Name: TABLE instances; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.instances IS 'Configured services, each with perhaps an API key and header values, sealed to this row and its destination. Ends with its owner.';
-- Name: COLUMN instances.endpoint_set_by; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.instances.endpoint_set_by IS 'Who last named the endpoint and so knows where a key goes; null when nobody did or they are gone.';
-- Name: COLUMN instances.custom_header_names; Type: COMMENT; Schema: public; Owner: -
COMMENT ON COLUMN public.instances.custom_header_names IS 'The names of the header values in headers_sealed, in the order given.';
-- Name: model_catalogue; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.model_catalogue (
    single boolean DEFAULT true NOT NULL,
    CONSTRAINT model_catalogue_is_single CHECK (single)
);
-- Name: TABLE model_catalogue; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.model_catalogue IS 'One row, which every writer of model_configs locks first: what they keep true (one model is the default while any is live) is of no one row, and an empty catalogue has none. Locking the table itself would need another right and be in the way of readers or of vacuum.';
-- Name: model_configs; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.model_configs (
    id uuid NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    display_name text NOT NULL,
    enabled boolean NOT NULL,
    is_default boolean NOT NULL,
    context_limit integer,
    compression_threshold integer,
    instance_id uuid,
    instance_owner text GENERATED ALWAYS AS (
CASE
    WHEN (instance_id IS NOT NULL) THEN '_system'::text
    ELSE NULL::text
END) STORED COLLATE pg_catalog."C",
    created_by uuid,
    updated_by uuid,
    deleted_by uuid,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT model_configs_compression_threshold_bounds CHECK (((compression_threshold >= 0) AND (compression_threshold <= 100))),
    CONSTRAINT model_configs_context_limit_positive CHECK ((context_limit > 0)),
    CONSTRAINT model_configs_deleted_by_has_time CHECK (((deleted_by IS NULL) OR (deleted_at IS NOT NULL))),
    CONSTRAINT model_configs_deleted_is_no_default CHECK (((deleted_at IS NULL) OR (NOT is_default))),
    CONSTRAINT model_configs_deleted_is_unbound CHECK (((deleted_at IS NULL) OR (instance_id IS NULL))),
    CONSTRAINT model_configs_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
    CONSTRAINT model_configs_model_length CHECK (((char_length(model) >= 1) AND (char_length(model) <= 256))),
    CONSTRAINT model_configs_provider_shape CHECK ((provider ~ '^[a-z0-9-]{1,64}$'::text)),
    CONSTRAINT model_configs_version_positive CHECK ((version > 0))
);
-- Name: TABLE model_configs; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.model_configs IS 'The model catalogue. What is deleted stays, with when and by whom, unbound and no default.';
-- Name: permit_leases; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.permit_leases (
    id bigint NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    granted integer NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT permit_leases_granted_bounds CHECK (((granted >= 0) AND (granted <= 1000000))),
    CONSTRAINT permit_leases_subject_length CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 200)))
);
-- Name: TABLE permit_leases; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.permit_leases IS 'Portions of permits for requests that nodes took, each for a moment. What a subject was granted counts until 60 seconds after its lease ended, and then never exceeds its rate.';
-- Name: permit_leases_id_seq; Type: SEQUENCE; Schema: public; Owner: -
ALTER TABLE public.permit_leases ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.permit_leases_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
-- Name: project_shares; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.project_shares (
    project_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    project_handle text NOT NULL COLLATE pg_catalog."C",
    grantee_id uuid NOT NULL,
    grantee_handle text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    given_by uuid,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT project_shares_not_with_owner CHECK ((owner_handle <> grantee_handle)),
    CONSTRAINT project_shares_nothing_with_system CHECK ((grantee_handle <> '_system'::text)),
    CONSTRAINT project_shares_role_known CHECK ((role = ANY (ARRAY['reader'::text, 'writer'::text]))),
    CONSTRAINT project_shares_version_positive CHECK ((version > 0))
);
-- Name: TABLE project_shares; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.project_shares IS 'Who is a member of a project, as what. Membership gives nothing of the instance behind it.';
-- Name: projects; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.projects (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    handle text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    instance_id uuid,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT projects_description_length CHECK ((char_length(description) <= 10000)),
    CONSTRAINT projects_handle_shape CHECK (public.is_handle(handle)),
    CONSTRAINT projects_version_positive CHECK ((version > 0))
);
-- Name: TABLE projects; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.projects IS 'Named uses of one instance each, or of none yet. An instance stays as long as one of them uses it.';
-- Name: shares; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.shares (
    instance_id uuid NOT NULL,
    owner_handle text NOT NULL COLLATE pg_catalog."C",
    instance_handle text NOT NULL COLLATE pg_catalog."C",
    grantee_id uuid NOT NULL,
    grantee_handle text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    may_reshare boolean NOT NULL,
    expires_at timestamp with time zone,
    limit_requests_per_minute integer,
    limit_models text[],
    limit_operations text[],
    given_by uuid,
    given_via uuid,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT shares_limit_models_count CHECK (((cardinality(limit_models) >= 1) AND (cardinality(limit_models) <= 100))),
    CONSTRAINT shares_limit_operations_count CHECK (((cardinality(limit_operations) >= 1) AND (cardinality(limit_operations) <= 100))),
    CONSTRAINT shares_limit_requests_per_minute_bounds CHECK (((limit_requests_per_minute >= 1) AND (limit_requests_per_minute <= 1000000))),
    CONSTRAINT shares_not_given_via_itself CHECK ((given_via <> grantee_id)),
    CONSTRAINT shares_not_with_owner CHECK ((owner_handle <> grantee_handle)),
    CONSTRAINT shares_nothing_of_system CHECK ((owner_handle <> '_system'::text)),
    CONSTRAINT shares_nothing_with_system CHECK ((grantee_handle <> '_system'::text)),
    CONSTRAINT shares_ownership_not_via_co_owner CHECK (((given_via IS NULL) OR (role <> 'owner'::text))),
    CONSTRAINT shares_role_known CHECK ((role = ANY (ARRAY['reader'::text, 'writer'::text, 'owner'::text]))),
    CONSTRAINT shares_version_positive CHECK ((version > 0))
);
-- Name: TABLE shares; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.shares IS 'A role that an instance gives one user. What a co-owner gives refers to their own share (given_via) and ends with it.';
-- Name: usage_daily; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.usage_daily (
    day date NOT NULL,
    user_id uuid NOT NULL,
    user_handle text NOT NULL COLLATE pg_catalog."C",
    instance_id uuid NOT NULL,
    instance_ref text NOT NULL COLLATE pg_catalog."C",
    owner_id uuid NOT NULL,
    project_id uuid NOT NULL,
    project_ref text COLLATE pg_catalog."C",
    project_owner_id uuid,
    key_source text NOT NULL COLLATE pg_catalog."C",
    requests bigint NOT NULL,
    errors bigint NOT NULL,
    bytes_in bigint NOT NULL,
    bytes_out bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    CONSTRAINT usage_daily_bytes_in_bounds CHECK ((bytes_in >= 0)),
    CONSTRAINT usage_daily_bytes_out_bounds CHECK ((bytes_out >= 0)),
    CONSTRAINT usage_daily_errors_bounds CHECK (((errors >= 0) AND (errors <= requests))),
    CONSTRAINT usage_daily_input_tokens_bounds CHECK ((input_tokens >= 0)),
    CONSTRAINT usage_daily_key_source_known CHECK ((key_source = ANY (ARRAY['user'::text, 'central'::text, 'deployment'::text, 'keyless'::text]))),
    CONSTRAINT usage_daily_output_tokens_bounds CHECK ((output_tokens >= 0)),
    CONSTRAINT usage_daily_project_whole CHECK ((((project_id = '00000000-0000-0000-0000-000000000000'::uuid) = (project_ref IS NULL)) AND ((project_ref IS NULL) = (project_owner_id IS NULL)))),
    CONSTRAINT usage_daily_requests_positive CHECK ((requests > 0))
);
-- Name: TABLE usage_daily; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.usage_daily IS 'What was used, a line for each day (UTC), caller, service, project and source of keys; the nil UUID stands for no project. It refers to nothing, so that it outlives them; names are those at the time. Never what was said.';
-- Name: user_keys; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.user_keys (
    instance_id uuid NOT NULL,
    user_id uuid NOT NULL,
    api_key_sealed bytea NOT NULL,
    api_key_sealed_under text GENERATED ALWAYS AS (public.sealed_under(api_key_sealed)) STORED NOT NULL COLLATE pg_catalog."C",
    api_key_sealed_state text GENERATED ALWAYS AS ('live'::text) STORED NOT NULL COLLATE pg_catalog."C",
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT user_keys_api_key_looks_sealed CHECK (public.looks_sealed(api_key_sealed)),
    CONSTRAINT user_keys_not_of_system CHECK ((user_id <> '01900000-0000-7000-8000-000000000001'::uuid))
);
-- Name: TABLE user_keys; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.user_keys IS 'Users'' own API keys, at most one for each instance, sealed to this row and the instance''s destination. Ends with its user and with the instance. _system has none.';
-- Name: users; Type: TABLE; Schema: public; Owner: -
CREATE TABLE public.users (
    id uuid NOT NULL,
    handle text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL,
    email text,
    administrator boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT users_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 200))),
    CONSTRAINT users_email_length CHECK (((char_length(email) >= 3) AND (char_length(email) <= 254))),
    CONSTRAINT users_handle_shape CHECK ((public.is_handle(handle) OR (handle = '_system'::text))),
    CONSTRAINT users_system_administers_nothing CHECK ((NOT (administrator AND (handle = '_system'::text)))),
    CONSTRAINT users_system_id CHECK (((id = '01900000-0000-7000-8000-000000000001'::uuid) = (handle = '_system'::text))),
    CONSTRAINT users_version_positive CHECK ((version > 0))
);
-- Name: TABLE users; Type: COMMENT; Schema: public; Owner: -
COMMENT ON TABLE public.users IS 'People and programs. What a user owns refers to (id, handle), so that a handle never changes while something bears it. _system owns what belongs to everyone.';
-- Data for Name: access_tokens; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.access_tokens VALUES ('01a1f966-8276-7252-a967-07cdd43c2acf', '01a1f966-8247-72c2-957b-3c1cf2c44645', '\x3415770211e8ad21a3f3294c96513f0000897d02c1741f7ecc7095a33c406659', 'environment', 'manage', 'environment', NULL, NULL, NULL, NULL, '2026-11-20 14:40:07.286791+00', NULL, '2026-11-20 14:40:12.323092+00', NULL);
INSERT INTO public.access_tokens VALUES ('01a1f966-96b4-72ba-932e-9eb8d657c155', '01a1f966-96a8-7037-8541-b7fe528baa5e', '\xbad73f7c3ced61c3936cc15d595ef740a6fe6dc9da1d0f30dc824b4cf416573b', 'first', 'manage', 'first', NULL, NULL, NULL, NULL, '2026-11-20 14:40:12.456228+00', NULL, '2026-11-20 14:40:14.893542+00', NULL);
INSERT INTO public.access_tokens VALUES ('01a1f966-97e4-715e-9518-2a73d3c9b8e3', '01a1f966-97d7-708f-8f5b-0180b3f14a83', '\xdf83105a5d5bb8a42fce03407e576cecd630bb0d0c2900f846ebc57e5190158e', 'first', 'manage', 'first', NULL, NULL, NULL, NULL, '2026-11-20 14:40:12.759263+00', NULL, '2026-11-20 14:40:16.715844+00', NULL);
INSERT INTO public.access_tokens VALUES ('01a1f966-aef6-7385-8632-aa3f5eb47627', '01a1f966-97d7-708f-8f5b-0180b3f14a83', '\xe82b338dd5e4dff76a6226281def888bbb17b193fb51f876554bfe0019743ddf', 'for lent only', 'use', 'user', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', NULL, NULL, NULL, '2026-11-20 14:40:18.678439+00', NULL, NULL, NULL);
INSERT INTO public.access_tokens VALUES ('01a1f966-9b9f-7484-ad01-c4ee22ffcf19', '01a1f966-9b99-712d-a221-bc638e488d8d', '\x0a4b8fd7125fbe72eb799f54e24898f903169742e51eec0a3c64557fc5c3d325', 'first', 'manage', 'first', NULL, NULL, NULL, NULL, '2026-11-20 14:40:13.72168+00', NULL, '2026-11-20 14:40:21.230193+00', NULL);
-- Data for Name: api_standards; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.api_standards VALUES ('anthropic', 'Anthropic''s Messages API', 'anthropic', 'custom_header', 'x-api-key', '{"POST v1/messages","POST v1/messages/count_tokens","GET v1/models","GET v1/models/{id}"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{beta,limit,after_id,before_id}', 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.api_standards VALUES ('azure-openai', 'Azure OpenAI, which wants its API version in the query', 'openai', 'custom_header', 'api-key', '{"POST embeddings","POST chat/completions","POST completions","POST responses","POST moderations","POST images/generations","POST audio/speech","POST audio/transcriptions","POST audio/translations","POST rerank","GET models","GET models/{id}"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{api-version}', 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.api_standards VALUES ('cohere', 'Cohere''s API', 'cohere', 'auth_bearer', 'authorization', '{"POST v1/embed","POST v2/embed","POST v1/chat","POST v2/chat","POST v1/rerank","POST v2/rerank","POST v1/tokenize","POST v1/detokenize","GET v1/models"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{page_size,page_token,endpoint,default_only}', 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.api_standards VALUES ('gemini', 'Google''s Gemini API', 'gemini', 'custom_header', 'x-goog-api-key', '{"POST **/models/{model}:embedContent","POST **/models/{model}:batchEmbedContents","POST **/models/{model}:generateContent","POST **/models/{model}:streamGenerateContent","POST **/models/{model}:countTokens","GET **/models","GET **/models/{model}"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{alt,pageSize,pageToken}', 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.api_standards VALUES ('none', 'Services without a key that speak like OpenAI, such as Ollama', 'openai', 'none', '', '{"POST embeddings","POST chat/completions","POST completions","POST responses","POST moderations","POST images/generations","POST audio/speech","POST audio/transcriptions","POST audio/translations","POST rerank","GET models","GET models/{id}"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{}', 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.api_standards VALUES ('openai', 'OpenAI''s API, and what speaks like it', 'openai', 'auth_bearer', 'authorization', '{"POST embeddings","POST chat/completions","POST completions","POST responses","POST moderations","POST images/generations","POST audio/speech","POST audio/transcriptions","POST audio/translations","POST rerank","GET models","GET models/{id}"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{}', 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.api_standards VALUES ('by-query', '', 'openai', 'query_param', 'key', '{"POST embeddings","POST chat/completions","POST completions","POST responses","POST moderations","POST images/generations","POST audio/speech","POST audio/transcriptions","POST audio/translations","POST rerank","GET models","GET models/{id}"}', '{accept,accept-language,content-type,content-length,user-agent,idempotency-key,anthropic-version,anthropic-beta,openai-beta,x-stainless-*,x-goog-api-client,x-goog-request-params,x-client-name,traceparent,tracestate}', '{}', 1, '2026-11-20 14:40:14.725989+00', '2026-11-20 14:40:14.725989+00');
-- Data for Name: audit_events; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.audit_events VALUES ('01a1f966-816c-7596-84b3-b502ba3d91cd', '2026-11-20 14:40:07.021159+00', NULL, NULL, NULL, '', '', 'encryption_key.create', 'encryption_key', NULL, '19abcf53', NULL, 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-8262-73b5-9f93-2ebb1fe92228', '2026-11-20 14:40:07.266317+00', NULL, NULL, NULL, '', '', 'user.create', 'user', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-8287-7755-a7a0-b9429752d848', '2026-11-20 14:40:07.303704+00', NULL, NULL, NULL, '', '', 'token.create', 'user', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-96ba-76d7-9bc1-1c37b252747d', '2026-11-20 14:40:12.474583+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', 'aec14726-32f1-4594-980b-b85df95d21cd', 'user.create', 'user', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{handle,display_name,email,administrator,access_token}');
INSERT INTO public.audit_events VALUES ('01a1f966-97e6-724c-85d9-83a4057b17ce', '2026-11-20 14:40:12.774429+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', '6b6d3569-0e17-4ac3-a07a-14e03df6d72a', 'user.create', 'user', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'done', '{handle,display_name,email,administrator,access_token}');
INSERT INTO public.audit_events VALUES ('01a1f966-9ba1-7497-b456-132cff8966d1', '2026-11-20 14:40:13.72924+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', '93d02a01-be88-4e7b-bc7e-10e562c01ca2', 'user.create', 'user', '01a1f966-9b99-712d-a221-bc638e488d8d', 'carol', '01a1f966-9b99-712d-a221-bc638e488d8d', 'done', '{handle,display_name,email,administrator,access_token}');
INSERT INTO public.audit_events VALUES ('01a1f966-9fc7-71f9-8f87-f3e2d56c0509', '2026-11-20 14:40:14.79154+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', '00dfbc87-6d79-4f6e-bbdd-42eab019cfb4', 'standard.create', 'standard', NULL, 'by-query', '01900000-0000-7000-8000-000000000001', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a142-7441-b8bc-09c90ca8c8e1', '2026-11-20 14:40:15.170957+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', 'ecaf37dc-52a7-42b0-8f7c-2383999e85b9', 'definition.create', 'definition', '01a1f966-a095-75de-b9b2-25483e0d6a43', 'alice/lab-model', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a206-767c-9005-6a2a06659884', '2026-11-20 14:40:15.366787+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', 'e5406f00-8cab-45e2-ba24-594ea5b557f9', 'definition.share', 'definition', '01a1f966-a095-75de-b9b2-25483e0d6a43', 'alice/lab-model', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{bob}');
INSERT INTO public.audit_events VALUES ('01a1f966-a2be-7712-931e-d09c6bd4c75a', '2026-11-20 14:40:15.550314+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', 'e8d986c2-dd71-488e-90cf-d04baaa11193', 'service.create', 'service', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice/lent', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a2c3-70d7-ae3a-1232ca72a539', '2026-11-20 14:40:15.555259+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', 'e8d986c2-dd71-488e-90cf-d04baaa11193', 'service.key_set', 'service', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice/lent', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{api_key}');
INSERT INTO public.audit_events VALUES ('01a1f966-a34f-71be-a041-44f23cf6c552', '2026-11-20 14:40:15.695407+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '4b62b8d8-1154-4457-a6d9-cd62d86ec955', 'service.share', 'service', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice/lent', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{bob}');
INSERT INTO public.audit_events VALUES ('01a1f966-a3b6-71f9-9bd5-cb2f2bb7a4a5', '2026-11-20 14:40:15.79879+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '17a227ec-f468-46dd-8afe-62e1d95dc5c6', 'service.create', 'service', '01a1f966-a3ae-7118-8360-a163f8576e72', 'alice/by-query', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a3b8-701f-8234-97594448ffe8', '2026-11-20 14:40:15.801032+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '17a227ec-f468-46dd-8afe-62e1d95dc5c6', 'service.key_set', 'service', '01a1f966-a3ae-7118-8360-a163f8576e72', 'alice/by-query', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{api_key}');
INSERT INTO public.audit_events VALUES ('01a1f966-a56c-77ac-9f7b-0971461f5d5c', '2026-11-20 14:40:16.236209+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '99c5b9d9-ec33-440e-a46a-3e5ac5fe3ae9', 'service.create', 'service', '01a1f966-a569-7122-8927-552fcb192391', 'alice/of-users', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a725-70a0-b9c8-443a811e1ea0', '2026-11-20 14:40:16.677893+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '7ee47a5f-8944-4a24-a6a3-fb88f98ca6da', 'service.share', 'service', '01a1f966-a569-7122-8927-552fcb192391', 'alice/of-users', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{bob}');
INSERT INTO public.audit_events VALUES ('01a1f966-a776-7060-b6bc-ef92904c1174', '2026-11-20 14:40:16.758599+00', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-97e4-715e-9518-2a73d3c9b8e3', '127.0.0.1', '06cbfe26-e6fc-463d-9904-e3dab4690e2e', 'user_key.create', 'user_key', '01a1f966-a569-7122-8927-552fcb192391', 'alice/of-users', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'done', '{api_key}');
INSERT INTO public.audit_events VALUES ('01a1f966-a7b7-771f-931d-84c62706c519', '2026-11-20 14:40:16.823049+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', 'f3bf6f97-c0c1-46b2-9225-58506733846f', 'service.create', 'service', '01a1f966-a7b1-7415-8373-bc94597a4f57', 'alice/disabled', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a7bb-707a-a5d2-b4dca5174b34', '2026-11-20 14:40:16.827493+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', 'f3bf6f97-c0c1-46b2-9225-58506733846f', 'service.key_set', 'service', '01a1f966-a7b1-7415-8373-bc94597a4f57', 'alice/disabled', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{api_key}');
INSERT INTO public.audit_events VALUES ('01a1f966-a86b-7216-b9bf-6004d66a69d6', '2026-11-20 14:40:17.003173+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', '04501965-1f13-4c14-b3cf-b4b4019f98c2', 'service.create', 'service', '01a1f966-a85f-7754-92ab-915e1962c9e5', '_system/shared', '01900000-0000-7000-8000-000000000001', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a86c-71b9-adf6-8bf3628d89ce', '2026-11-20 14:40:17.004388+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', '04501965-1f13-4c14-b3cf-b4b4019f98c2', 'service.key_set', 'service', '01a1f966-a85f-7754-92ab-915e1962c9e5', '_system/shared', '01900000-0000-7000-8000-000000000001', 'done', '{api_key}');
INSERT INTO public.audit_events VALUES ('01a1f966-a8f7-7204-a0c2-a05cc7284082', '2026-11-20 14:40:17.143728+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '28844621-5bdb-489d-84af-567a7104ee5b', 'project.create', 'project', '01a1f966-a8ee-7356-a71f-ad98f58017b9', 'alice/corpus', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-a9e6-77ab-a83c-6ee938a96078', '2026-11-20 14:40:17.383043+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '80e73b36-2a16-4eaa-a5ff-f494ab7686bf', 'project.share', 'project', '01a1f966-a8ee-7356-a71f-ad98f58017b9', 'alice/corpus', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{carol}');
INSERT INTO public.audit_events VALUES ('01a1f966-aacb-74ac-bfb6-2d23a6561717', '2026-11-20 14:40:17.611471+00', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96b4-72ba-932e-9eb8d657c155', '127.0.0.1', '2a7912b3-a83d-4336-b5e1-521a37c5eb55', 'default.create', 'default', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'done', '{service}');
INSERT INTO public.audit_events VALUES ('01a1f966-abfd-7785-886d-ca2f29c971c5', '2026-11-20 14:40:17.917844+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', 'af602740-1941-46ba-84dd-63ed6886d624', 'default.create', 'default', '01900000-0000-7000-8000-000000000001', '_system', '01900000-0000-7000-8000-000000000001', 'done', '{service}');
INSERT INTO public.audit_events VALUES ('01a1f966-adec-775c-93ae-e1a7442673fc', '2026-11-20 14:40:18.412773+00', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', '01a1f966-8276-7252-a967-07cdd43c2acf', '127.0.0.1', '36133dc3-b09e-4d29-a480-da759efbd9ec', 'model.create', 'model', '01a1f966-ad7a-7489-8536-061ada1bd979', 'openai/text-embedding-3-small', '01900000-0000-7000-8000-000000000001', 'done', '{}');
INSERT INTO public.audit_events VALUES ('01a1f966-aef9-7552-aca7-452ac3336781', '2026-11-20 14:40:18.68126+00', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-97e4-715e-9518-2a73d3c9b8e3', '127.0.0.1', '905f6579-4b56-4445-8269-22f374ff6a48', 'token.create', 'user', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'done', '{name,scope,expires_at}');
INSERT INTO public.audit_events VALUES ('01a1f966-b999-74f1-b00c-3f2f3368ca68', '2026-11-20 14:40:21.401421+00', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-97e4-715e-9518-2a73d3c9b8e3', '127.0.0.1', '63620475-281b-41eb-b3f5-071fc727e3d7', 'service.delete', 'service', NULL, 'alice/lent', NULL, 'refused', '{forbidden}');
INSERT INTO public.audit_events VALUES ('01a1f966-ba3f-7198-b618-441ce22d557e', '2026-11-20 14:40:21.567844+00', NULL, NULL, NULL, '127.0.0.1', 'ee50b2c5-019d-4453-8de3-7c8117ca1969', 'token.rejected', 'token', NULL, '', NULL, 'refused', '{}');
-- Data for Name: change_counter; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.change_counter VALUES (true, 4);
-- Data for Name: changes; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.changes VALUES (1, '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', '2026-11-20 14:40:15.699365+00');
INSERT INTO public.changes VALUES (2, '01a1f966-a569-7122-8927-552fcb192391', '2026-11-20 14:40:16.679676+00');
INSERT INTO public.changes VALUES (3, '01a1f966-97d7-708f-8f5b-0180b3f14a83', '2026-11-20 14:40:16.759627+00');
INSERT INTO public.changes VALUES (4, '01a1f966-a8ee-7356-a71f-ad98f58017b9', '2026-11-20 14:40:17.40696+00');
-- Data for Name: default_services; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.default_services VALUES ('01a1f966-96a8-7037-8541-b7fe528baa5e', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice', 'lent');
INSERT INTO public.default_services VALUES ('01900000-0000-7000-8000-000000000001', '01a1f966-a85f-7754-92ab-915e1962c9e5', '_system', 'shared');
-- Data for Name: definition_shares; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.definition_shares VALUES ('01a1f966-a095-75de-b9b2-25483e0d6a43', 'alice', 'lab-model', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-96a8-7037-8541-b7fe528baa5e', 1, '2026-11-20 14:40:15.352091+00');
-- Data for Name: definitions; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.definitions VALUES ('01900000-0000-7000-8000-0000000000d1', '01900000-0000-7000-8000-000000000001', '_system', 'openai-large', '', 'openai', 'openai', 'https://api.openai.com/v1', 'text-embedding-3-large', 3072, 8192, false, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.definitions VALUES ('01900000-0000-7000-8000-0000000000d2', '01900000-0000-7000-8000-000000000001', '_system', 'openai-small', '', 'openai', 'openai', 'https://api.openai.com/v1', 'text-embedding-3-small', 1536, 8192, false, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.definitions VALUES ('01900000-0000-7000-8000-0000000000d3', '01900000-0000-7000-8000-000000000001', '_system', 'cohere-multilingual-v3', '', 'cohere', 'cohere', 'https://api.cohere.com', 'embed-multilingual-v3.0', 1024, 512, false, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.definitions VALUES ('01900000-0000-7000-8000-0000000000d4', '01900000-0000-7000-8000-000000000001', '_system', 'cohere-v4', '', 'cohere', 'cohere', 'https://api.cohere.com', 'embed-v4.0', 1536, 128000, false, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.definitions VALUES ('01900000-0000-7000-8000-0000000000d5', '01900000-0000-7000-8000-000000000001', '_system', 'gemini-embedding-001', '', 'google', 'gemini', 'https://generativelanguage.googleapis.com', 'gemini-embedding-001', 3072, 2048, false, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.definitions VALUES ('01a1f966-a095-75de-b9b2-25483e0d6a43', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'lab-model', '', 'openai-compat', 'openai', 'http://127.0.0.1:21717/v1', 'lab', NULL, NULL, false, 1, '2026-11-20 14:40:14.980049+00', '2026-11-20 14:40:14.980049+00');
-- Data for Name: encryption_keys; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.encryption_keys VALUES ('19abcf53', 'live', '\x0119abcf53a0b0b9ebdec19e2285d1bd14d8496bb4a39254ef127059ae2d8b9ead7c7628984a5cbaa5', '2026-11-20 14:40:06.917025+00');
-- Data for Name: flyway_schema_history; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.flyway_schema_history VALUES (1, '001', 'accounts', 'SQL', 'V001__accounts.sql', -1958380502, 'postgres', '2026-11-20 14:39:50.259', 502, true);
INSERT INTO public.flyway_schema_history VALUES (2, '002', 'standards', 'SQL', 'V002__standards.sql', -368814380, 'postgres', '2026-11-20 14:39:51.139511', 132, true);
INSERT INTO public.flyway_schema_history VALUES (3, '003', 'definitions', 'SQL', 'V003__definitions.sql', -1670800583, 'postgres', '2026-11-20 14:39:51.430805', 164, true);
INSERT INTO public.flyway_schema_history VALUES (4, '004', 'encryption keys', 'SQL', 'V004__encryption_keys.sql', 961804598, 'postgres', '2026-11-20 14:39:51.737424', 214, true);
INSERT INTO public.flyway_schema_history VALUES (5, '005', 'instances', 'SQL', 'V005__instances.sql', 1198338521, 'postgres', '2026-11-20 14:39:52.075505', 475, true);
INSERT INTO public.flyway_schema_history VALUES (6, '006', 'shares', 'SQL', 'V006__shares.sql', 2085934275, 'postgres', '2026-11-20 14:39:52.899005', 203, true);
INSERT INTO public.flyway_schema_history VALUES (7, '007', 'audit events', 'SQL', 'V007__audit_events.sql', -1218156633, 'postgres', '2026-11-20 14:39:53.166331', 185, true);
INSERT INTO public.flyway_schema_history VALUES (8, '008', 'definition shares', 'SQL', 'V008__definition_shares.sql', 1893576517, 'postgres', '2026-11-20 14:39:53.458558', 373, true);
INSERT INTO public.flyway_schema_history VALUES (9, '009', 'projects', 'SQL', 'V009__projects.sql', -852608876, 'postgres', '2026-11-20 14:39:53.967091', 428, true);
INSERT INTO public.flyway_schema_history VALUES (10, '010', 'page start', 'SQL', 'V010__page_start.sql', -646036647, 'postgres', '2026-11-20 14:39:54.655199', 48, true);
INSERT INTO public.flyway_schema_history VALUES (11, '011', 'user keys', 'SQL', 'V011__user_keys.sql', 786336585, 'postgres', '2026-11-20 14:39:54.899226', 98, true);
INSERT INTO public.flyway_schema_history VALUES (12, '012', 'default services', 'SQL', 'V012__default_services.sql', -243280041, 'postgres', '2026-11-20 14:39:55.043067', 156, true);
INSERT INTO public.flyway_schema_history VALUES (13, '013', 'model configs', 'SQL', 'V013__model_configs.sql', -229076373, 'postgres', '2026-11-20 14:39:55.288006', 293, true);
INSERT INTO public.flyway_schema_history VALUES (14, '014', 'changes', 'SQL', 'V014__changes.sql', 1543130913, 'postgres', '2026-11-20 14:39:55.677056', 77, true);
INSERT INTO public.flyway_schema_history VALUES (15, '015', 'permit leases', 'SQL', 'V015__permit_leases.sql', -1377581756, 'postgres', '2026-11-20 14:39:55.857602', 124, true);
INSERT INTO public.flyway_schema_history VALUES (16, '016', 'usage', 'SQL', 'V016__usage.sql', -2136119469, 'postgres', '2026-11-20 14:39:56.116307', 217, true);
-- Data for Name: instances; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.instances VALUES ('01a1f966-a2ae-77b0-baf2-ec462b3ebc76', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'lent', 'lent', '', '01900000-0000-7000-8000-0000000000d2', 'openai', 'openai', 'http://127.0.0.1:21717/v1', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'text-embedding-3-small', 1536, 8192, 30000, 'org-lab', true, true, false, false, 1000, NULL, NULL, '{X-Extra}', '\x0119abcf53cb38c6d07113430d16a1776f0c183336d6eeb3c444eb6b9b1c391d4c13f50aace29894972913d56dcd2b2e169a8edf7d5c812926ccfb6d6381aab032f8b0524a4a2a30ac649da7', DEFAULT, DEFAULT, '\x0119abcf53af8eb2e9300eef5514c1095c53fffa17f04b18b907282d44c410eeb0787c402c28a018297e1f60ef19a23d4df7627b0546e86b66cb1c890f9252', DEFAULT, DEFAULT, '2026-11-20 14:40:15.534556+00', 1, '2026-11-20 14:40:15.534556+00', '2026-11-20 14:40:15.534556+00');
INSERT INTO public.instances VALUES ('01a1f966-a3ae-7118-8360-a163f8576e72', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'by-query', 'by-query', '', '01a1f966-a095-75de-b9b2-25483e0d6a43', 'openai-compat', 'by-query', 'http://127.0.0.1:21717/v1', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'lab', NULL, NULL, 30000, NULL, true, true, false, false, NULL, NULL, NULL, '{}', NULL, DEFAULT, DEFAULT, '\x0119abcf5363a69cecda32d60118614840f8a521a50311de1b40f8dc3e16f0afade3b9a81b84dac8257cc254bf20d415413d78c765fb4bf9d6cbc767251cc8c6', DEFAULT, DEFAULT, '2026-11-20 14:40:15.790919+00', 1, '2026-11-20 14:40:15.790919+00', '2026-11-20 14:40:15.790919+00');
INSERT INTO public.instances VALUES ('01a1f966-a569-7122-8927-552fcb192391', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'of-users', 'of-users', '', '01900000-0000-7000-8000-0000000000d2', 'openai', 'openai', 'http://127.0.0.1:21717/v1', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'text-embedding-3-small', 1536, 8192, 30000, NULL, true, false, true, false, NULL, NULL, NULL, '{}', NULL, DEFAULT, DEFAULT, NULL, DEFAULT, DEFAULT, NULL, 1, '2026-11-20 14:40:16.233114+00', '2026-11-20 14:40:16.233114+00');
INSERT INTO public.instances VALUES ('01a1f966-a7b1-7415-8373-bc94597a4f57', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'disabled', 'disabled', '', '01900000-0000-7000-8000-0000000000d2', 'openai', 'openai', 'http://127.0.0.1:21717/v1', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'text-embedding-3-small', 1536, 8192, 30000, NULL, false, true, false, false, NULL, NULL, NULL, '{}', NULL, DEFAULT, DEFAULT, '\x0119abcf53f384212ee40098b1fa090a946e7628c3d613e2e988bd113fddb1fcb4362109d8d5c5b4194ac678052c1d40c980a8dd02be7f830621a7601929642bfed915', DEFAULT, DEFAULT, '2026-11-20 14:40:16.817942+00', 1, '2026-11-20 14:40:16.817942+00', '2026-11-20 14:40:16.817942+00');
INSERT INTO public.instances VALUES ('01a1f966-a85f-7754-92ab-915e1962c9e5', '01900000-0000-7000-8000-000000000001', '_system', 'shared', 'shared', '', '01900000-0000-7000-8000-0000000000d2', 'openai', 'openai', 'http://127.0.0.1:21717/v1', '01a1f966-8247-72c2-957b-3c1cf2c44645', 'text-embedding-3-small', 1536, 8192, 30000, NULL, true, true, false, false, NULL, NULL, NULL, '{}', NULL, DEFAULT, DEFAULT, '\x0119abcf532da494cc84ab6b493901a0547cf85b6167b76ee599320b192c7bd734bdab126cdbbb19c0c5829fbcc83586e8e1414b4fa212c227cf8627dbe8db2080', DEFAULT, DEFAULT, '2026-11-20 14:40:16.991116+00', 1, '2026-11-20 14:40:16.991116+00', '2026-11-20 14:40:16.991116+00');
-- Data for Name: model_catalogue; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.model_catalogue VALUES (true);
-- Data for Name: model_configs; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.model_configs VALUES ('01a1f966-ad7a-7489-8536-061ada1bd979', 'openai', 'text-embedding-3-small', 'Small', true, true, NULL, NULL, '01a1f966-a85f-7754-92ab-915e1962c9e5', DEFAULT, '01a1f966-8247-72c2-957b-3c1cf2c44645', '01a1f966-8247-72c2-957b-3c1cf2c44645', NULL, 1, '2026-11-20 14:40:18.214607+00', '2026-11-20 14:40:18.214607+00', NULL);
-- Data for Name: permit_leases; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.permit_leases OVERRIDING SYSTEM VALUE VALUES (1, 'service:01a1f966-a2ae-77b0-baf2-ec462b3ebc76:01a1f966-97d7-708f-8f5b-0180b3f14a83', 1, '2026-11-20 14:40:22.198897+00');
INSERT INTO public.permit_leases OVERRIDING SYSTEM VALUE VALUES (2, 'service:01a1f966-a2ae-77b0-baf2-ec462b3ebc76:01a1f966-9b99-712d-a221-bc638e488d8d', 1, '2026-11-20 14:40:23.314309+00');
-- Data for Name: project_shares; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.project_shares VALUES ('01a1f966-a8ee-7356-a71f-ad98f58017b9', 'alice', 'corpus', '01a1f966-9b99-712d-a221-bc638e488d8d', 'carol', 'reader', '01a1f966-96a8-7037-8541-b7fe528baa5e', 1, '2026-11-20 14:40:17.375356+00');
-- Data for Name: projects; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.projects VALUES ('01a1f966-a8ee-7356-a71f-ad98f58017b9', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'corpus', '', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 1, '2026-11-20 14:40:17.134475+00', '2026-11-20 14:40:17.134475+00');
-- Data for Name: shares; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.shares VALUES ('01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice', 'lent', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', 'reader', false, NULL, 100, NULL, NULL, '01a1f966-96a8-7037-8541-b7fe528baa5e', NULL, 1, '2026-11-20 14:40:15.686884+00');
INSERT INTO public.shares VALUES ('01a1f966-a569-7122-8927-552fcb192391', 'alice', 'of-users', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', 'reader', false, NULL, NULL, NULL, NULL, '01a1f966-96a8-7037-8541-b7fe528baa5e', NULL, 1, '2026-11-20 14:40:16.667588+00');
-- Data for Name: usage_daily; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.usage_daily VALUES ('2026-11-20', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice/lent', '01a1f966-96a8-7037-8541-b7fe528baa5e', '00000000-0000-0000-0000-000000000000', NULL, NULL, 'central', 1, 0, 25, 893, 1, 0);
INSERT INTO public.usage_daily VALUES ('2026-11-20', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-a569-7122-8927-552fcb192391', 'alice/of-users', '01a1f966-96a8-7037-8541-b7fe528baa5e', '00000000-0000-0000-0000-000000000000', NULL, NULL, 'user', 1, 0, 25, 893, 1, 0);
INSERT INTO public.usage_daily VALUES ('2026-11-20', '01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', '01a1f966-a85f-7754-92ab-915e1962c9e5', '_system/shared', '01900000-0000-7000-8000-000000000001', '00000000-0000-0000-0000-000000000000', NULL, NULL, 'central', 1, 0, 25, 893, 1, 0);
INSERT INTO public.usage_daily VALUES ('2026-11-20', '01a1f966-9b99-712d-a221-bc638e488d8d', 'carol', '01a1f966-a2ae-77b0-baf2-ec462b3ebc76', 'alice/lent', '01a1f966-96a8-7037-8541-b7fe528baa5e', '01a1f966-a8ee-7356-a71f-ad98f58017b9', 'alice/corpus', '01a1f966-96a8-7037-8541-b7fe528baa5e', 'central', 1, 0, 25, 893, 1, 0);
-- Data for Name: user_keys; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.user_keys VALUES ('01a1f966-a569-7122-8927-552fcb192391', '01a1f966-97d7-708f-8f5b-0180b3f14a83', '\x0119abcf53ce95884e67dcf67fba1a0ea6ae703a0eb84d5e2dde5d6a2bc8c7e692651832560d7b688d39658cc47269c645a6ee4669d270612e97f3a75224', DEFAULT, DEFAULT, '2026-11-20 14:40:16.751349+00');
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
INSERT INTO public.users VALUES ('01900000-0000-7000-8000-000000000001', '_system', 'System', NULL, false, 1, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');
INSERT INTO public.users VALUES ('01a1f966-8247-72c2-957b-3c1cf2c44645', 'root', 'root', NULL, true, 1, '2026-11-20 14:40:07.207103+00', '2026-11-20 14:40:07.207103+00');
INSERT INTO public.users VALUES ('01a1f966-96a8-7037-8541-b7fe528baa5e', 'alice', 'Alice', 'alice@example.org', false, 1, '2026-11-20 14:40:12.456228+00', '2026-11-20 14:40:12.456228+00');
INSERT INTO public.users VALUES ('01a1f966-97d7-708f-8f5b-0180b3f14a83', 'bob', 'bob', NULL, false, 1, '2026-11-20 14:40:12.759263+00', '2026-11-20 14:40:12.759263+00');
INSERT INTO public.users VALUES ('01a1f966-9b99-712d-a221-bc638e488d8d', 'carol', 'carol', NULL, false, 1, '2026-11-20 14:40:13.72168+00', '2026-11-20 14:40:13.72168+00');
-- Name: permit_leases_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
SELECT pg_catalog.setval('public.permit_leases_id_seq', 2, true);
-- Name: access_tokens access_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (id);
-- Name: access_tokens access_tokens_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_token_hash_key UNIQUE (token_hash);
-- Name: api_standards api_standards_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.api_standards
    ADD CONSTRAINT api_standards_pkey PRIMARY KEY (handle);
-- Name: audit_events audit_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);
-- Name: change_counter change_counter_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.change_counter
    ADD CONSTRAINT change_counter_pkey PRIMARY KEY (only_one);
-- Name: changes changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (point, subject);
-- Name: default_services default_services_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.default_services
    ADD CONSTRAINT default_services_pkey PRIMARY KEY (user_id);
-- Name: definition_shares definition_shares_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definition_shares
    ADD CONSTRAINT definition_shares_pkey PRIMARY KEY (definition_id, grantee_id);
-- Name: definitions definitions_id_owner_handle_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_id_owner_handle_handle_key UNIQUE (id, owner_handle, handle);
-- Name: definitions definitions_owner_handle_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_owner_handle_handle_key UNIQUE (owner_handle, handle);
-- Name: definitions definitions_owner_id_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_owner_id_handle_key UNIQUE (owner_id, handle);
-- Name: definitions definitions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_pkey PRIMARY KEY (id);
-- Name: encryption_keys encryption_keys_id_state_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.encryption_keys
    ADD CONSTRAINT encryption_keys_id_state_key UNIQUE (id, state);
-- Name: encryption_keys encryption_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.encryption_keys
    ADD CONSTRAINT encryption_keys_pkey PRIMARY KEY (id);
-- Name: flyway_schema_history flyway_schema_history_pk; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
-- Name: instances instances_id_owner_handle_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_id_owner_handle_handle_key UNIQUE (id, owner_handle, handle);
-- Name: instances instances_id_owner_handle_provider_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_id_owner_handle_provider_key UNIQUE (id, owner_handle, provider);
-- Name: instances instances_owner_handle_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_owner_handle_handle_key UNIQUE (owner_handle, handle);
-- Name: instances instances_owner_id_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_owner_id_handle_key UNIQUE (owner_id, handle);
-- Name: instances instances_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (id);
-- Name: model_catalogue model_catalogue_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.model_catalogue
    ADD CONSTRAINT model_catalogue_pkey PRIMARY KEY (single);
-- Name: model_configs model_configs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.model_configs
    ADD CONSTRAINT model_configs_pkey PRIMARY KEY (id);
-- Name: permit_leases permit_leases_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.permit_leases
    ADD CONSTRAINT permit_leases_pkey PRIMARY KEY (id);
-- Name: project_shares project_shares_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.project_shares
    ADD CONSTRAINT project_shares_pkey PRIMARY KEY (project_id, grantee_id);
-- Name: projects projects_id_owner_handle_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_id_owner_handle_handle_key UNIQUE (id, owner_handle, handle);
-- Name: projects projects_owner_handle_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_owner_handle_handle_key UNIQUE (owner_handle, handle);
-- Name: projects projects_owner_id_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_owner_id_handle_key UNIQUE (owner_id, handle);
-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (id);
-- Name: shares shares_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (instance_id, grantee_id);
-- Name: usage_daily usage_daily_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.usage_daily
    ADD CONSTRAINT usage_daily_pkey PRIMARY KEY (day, user_id, instance_id, project_id, key_source);
-- Name: user_keys user_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.user_keys
    ADD CONSTRAINT user_keys_pkey PRIMARY KEY (instance_id, user_id);
-- Name: users users_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_handle_key UNIQUE (handle);
-- Name: users users_id_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_id_handle_key UNIQUE (id, handle);
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
-- Name: access_tokens_for_project; Type: INDEX; Schema: public; Owner: -
CREATE INDEX access_tokens_for_project ON public.access_tokens USING btree (project_id) WHERE (project_id IS NOT NULL);
-- Name: access_tokens_for_service; Type: INDEX; Schema: public; Owner: -
CREATE INDEX access_tokens_for_service ON public.access_tokens USING btree (service_id) WHERE (service_id IS NOT NULL);
-- Name: access_tokens_of_user; Type: INDEX; Schema: public; Owner: -
CREATE INDEX access_tokens_of_user ON public.access_tokens USING btree (user_id, created_at, id);
-- Name: audit_events_by_actor; Type: INDEX; Schema: public; Owner: -
CREATE INDEX audit_events_by_actor ON public.audit_events USING btree (actor, at DESC, id DESC);
-- Name: audit_events_by_target_owner; Type: INDEX; Schema: public; Owner: -
CREATE INDEX audit_events_by_target_owner ON public.audit_events USING btree (target_owner_id, at DESC, id DESC);
-- Name: audit_events_newest_first; Type: INDEX; Schema: public; Owner: -
CREATE INDEX audit_events_newest_first ON public.audit_events USING btree (at DESC, id DESC);
-- Name: changes_at; Type: INDEX; Schema: public; Owner: -
CREATE INDEX changes_at ON public.changes USING btree (at);
-- Name: default_services_of_instance; Type: INDEX; Schema: public; Owner: -
CREATE INDEX default_services_of_instance ON public.default_services USING btree (instance_id);
-- Name: definition_shares_by_grantee_handle; Type: INDEX; Schema: public; Owner: -
CREATE INDEX definition_shares_by_grantee_handle ON public.definition_shares USING btree (definition_id, grantee_handle);
-- Name: definition_shares_given_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX definition_shares_given_by ON public.definition_shares USING btree (given_by) WHERE (given_by IS NOT NULL);
-- Name: definition_shares_of_grantee; Type: INDEX; Schema: public; Owner: -
CREATE INDEX definition_shares_of_grantee ON public.definition_shares USING btree (grantee_id, owner_handle, definition_handle);
-- Name: definitions_of_standard; Type: INDEX; Schema: public; Owner: -
CREATE INDEX definitions_of_standard ON public.definitions USING btree (api_standard);
-- Name: definitions_public; Type: INDEX; Schema: public; Owner: -
CREATE INDEX definitions_public ON public.definitions USING btree (owner_handle, handle) WHERE public;
-- Name: flyway_schema_history_s_idx; Type: INDEX; Schema: public; Owner: -
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
-- Name: instances_api_key_sealed_under; Type: INDEX; Schema: public; Owner: -
CREATE INDEX instances_api_key_sealed_under ON public.instances USING btree (api_key_sealed_under, id) WHERE (api_key_sealed_under IS NOT NULL);
-- Name: instances_endpoint_set_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX instances_endpoint_set_by ON public.instances USING btree (endpoint_set_by) WHERE (endpoint_set_by IS NOT NULL);
-- Name: instances_headers_sealed_under; Type: INDEX; Schema: public; Owner: -
CREATE INDEX instances_headers_sealed_under ON public.instances USING btree (headers_sealed_under, id) WHERE (headers_sealed_under IS NOT NULL);
-- Name: instances_of_definition; Type: INDEX; Schema: public; Owner: -
CREATE INDEX instances_of_definition ON public.instances USING btree (definition_id) WHERE (definition_id IS NOT NULL);
-- Name: instances_of_standard; Type: INDEX; Schema: public; Owner: -
CREATE INDEX instances_of_standard ON public.instances USING btree (api_standard);
-- Name: instances_oldest_enabled; Type: INDEX; Schema: public; Owner: -
CREATE INDEX instances_oldest_enabled ON public.instances USING btree (provider, created_at, id) WHERE ((owner_handle = '_system'::text) AND enabled);
-- Name: model_configs_created_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX model_configs_created_by ON public.model_configs USING btree (created_by) WHERE (created_by IS NOT NULL);
-- Name: model_configs_deleted_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX model_configs_deleted_by ON public.model_configs USING btree (deleted_by) WHERE (deleted_by IS NOT NULL);
-- Name: model_configs_live; Type: INDEX; Schema: public; Owner: -
CREATE INDEX model_configs_live ON public.model_configs USING btree (created_at, id) WHERE (deleted_at IS NULL);
-- Name: model_configs_of_instance; Type: INDEX; Schema: public; Owner: -
CREATE INDEX model_configs_of_instance ON public.model_configs USING btree (instance_id) WHERE (instance_id IS NOT NULL);
-- Name: model_configs_one_default; Type: INDEX; Schema: public; Owner: -
CREATE UNIQUE INDEX model_configs_one_default ON public.model_configs USING btree (is_default) WHERE is_default;
-- Name: model_configs_unbound; Type: INDEX; Schema: public; Owner: -
CREATE INDEX model_configs_unbound ON public.model_configs USING btree (provider, created_at, id) WHERE ((deleted_at IS NULL) AND (instance_id IS NULL));
-- Name: model_configs_updated_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX model_configs_updated_by ON public.model_configs USING btree (updated_by) WHERE (updated_by IS NOT NULL);
-- Name: permit_leases_ended; Type: INDEX; Schema: public; Owner: -
CREATE INDEX permit_leases_ended ON public.permit_leases USING btree (ends_at);
-- Name: permit_leases_of_subject; Type: INDEX; Schema: public; Owner: -
CREATE INDEX permit_leases_of_subject ON public.permit_leases USING btree (subject, ends_at);
-- Name: project_shares_by_grantee_handle; Type: INDEX; Schema: public; Owner: -
CREATE INDEX project_shares_by_grantee_handle ON public.project_shares USING btree (project_id, grantee_handle);
-- Name: project_shares_given_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX project_shares_given_by ON public.project_shares USING btree (given_by) WHERE (given_by IS NOT NULL);
-- Name: project_shares_of_grantee; Type: INDEX; Schema: public; Owner: -
CREATE INDEX project_shares_of_grantee ON public.project_shares USING btree (grantee_id, owner_handle, project_handle);
-- Name: projects_of_instance; Type: INDEX; Schema: public; Owner: -
CREATE INDEX projects_of_instance ON public.projects USING btree (instance_id) WHERE (instance_id IS NOT NULL);
-- Name: shares_by_grantee_handle; Type: INDEX; Schema: public; Owner: -
CREATE INDEX shares_by_grantee_handle ON public.shares USING btree (instance_id, grantee_handle);
-- Name: shares_given_by; Type: INDEX; Schema: public; Owner: -
CREATE INDEX shares_given_by ON public.shares USING btree (given_by) WHERE (given_by IS NOT NULL);
-- Name: shares_given_via; Type: INDEX; Schema: public; Owner: -
CREATE INDEX shares_given_via ON public.shares USING btree (instance_id, given_via) WHERE (given_via IS NOT NULL);
-- Name: shares_of_grantee; Type: INDEX; Schema: public; Owner: -
CREATE INDEX shares_of_grantee ON public.shares USING btree (grantee_id, owner_handle, instance_handle);
-- Name: usage_daily_of_owner; Type: INDEX; Schema: public; Owner: -
CREATE INDEX usage_daily_of_owner ON public.usage_daily USING btree (owner_id, day, user_id, instance_id, project_id, key_source);
-- Name: usage_daily_of_project_owner; Type: INDEX; Schema: public; Owner: -
CREATE INDEX usage_daily_of_project_owner ON public.usage_daily USING btree (project_owner_id, day, user_id, instance_id, project_id, key_source) WHERE (project_owner_id IS NOT NULL);
-- Name: usage_daily_of_user; Type: INDEX; Schema: public; Owner: -
CREATE INDEX usage_daily_of_user ON public.usage_daily USING btree (user_id, day, instance_id, project_id, key_source);
-- Name: user_keys_api_key_sealed_under; Type: INDEX; Schema: public; Owner: -
CREATE INDEX user_keys_api_key_sealed_under ON public.user_keys USING btree (api_key_sealed_under, instance_id, user_id);
-- Name: user_keys_of_user; Type: INDEX; Schema: public; Owner: -
CREATE INDEX user_keys_of_user ON public.user_keys USING btree (user_id, instance_id);
-- Name: users_administrators; Type: INDEX; Schema: public; Owner: -
CREATE INDEX users_administrators ON public.users USING btree (id) WHERE administrator;
-- Name: access_tokens access_tokens_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER access_tokens_note_change AFTER DELETE OR UPDATE OF user_id, token_hash, scope, origin, service_id, project_id, limit_requests_per_minute, limit_models, limit_operations, expires_at ON public.access_tokens DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('user_id');
-- Name: api_standards api_standards_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER api_standards_note_change AFTER UPDATE ON public.api_standards DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_everything();
-- Name: audit_events audit_events_stand; Type: TRIGGER; Schema: public; Owner: -
CREATE TRIGGER audit_events_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION public.audit_events_stand();
ALTER TABLE public.audit_events ENABLE ALWAYS TRIGGER audit_events_stand;
-- Name: instances instances_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER instances_note_change AFTER UPDATE ON public.instances DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((to_jsonb(old.*) - ARRAY['api_key_sealed'::text, 'api_key_sealed_under'::text, 'headers_sealed'::text, 'headers_sealed_under'::text]) <> (to_jsonb(new.*) - ARRAY['api_key_sealed'::text, 'api_key_sealed_under'::text, 'headers_sealed'::text, 'headers_sealed_under'::text])) OR (NOT public.is_resealed(old.api_key_sealed, new.api_key_sealed)) OR (NOT public.is_resealed(old.headers_sealed, new.headers_sealed)))) EXECUTE FUNCTION public.note_row('id');
-- Name: instances instances_note_deletion; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER instances_note_deletion AFTER DELETE ON public.instances DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('id');
-- Name: project_shares project_shares_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER project_shares_note_change AFTER INSERT OR DELETE OR UPDATE ON public.project_shares DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('project_id');
-- Name: projects projects_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER projects_note_change AFTER DELETE OR UPDATE ON public.projects DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('id');
-- Name: shares shares_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER shares_note_change AFTER INSERT OR DELETE OR UPDATE ON public.shares DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('instance_id');
-- Name: user_keys user_keys_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER user_keys_note_change AFTER INSERT OR DELETE ON public.user_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('user_id');
-- Name: user_keys user_keys_note_update; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER user_keys_note_update AFTER UPDATE ON public.user_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.set_at IS DISTINCT FROM new.set_at) OR (NOT public.is_resealed(old.api_key_sealed, new.api_key_sealed)))) EXECUTE FUNCTION public.note_row('user_id');
-- Name: users users_keep_system; Type: TRIGGER; Schema: public; Owner: -
CREATE TRIGGER users_keep_system BEFORE DELETE ON public.users FOR EACH ROW WHEN ((old.handle = '_system'::text)) EXECUTE FUNCTION public.users_keep_system();
-- Name: users users_note_change; Type: TRIGGER; Schema: public; Owner: -
CREATE CONSTRAINT TRIGGER users_note_change AFTER DELETE OR UPDATE ON public.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_row('id');
-- Name: access_tokens access_tokens_project_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_project_fkey FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;
-- Name: access_tokens access_tokens_service_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_service_fkey FOREIGN KEY (service_id) REFERENCES public.instances(id) ON DELETE CASCADE;
-- Name: access_tokens access_tokens_user_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
-- Name: default_services default_services_instance_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.default_services
    ADD CONSTRAINT default_services_instance_fkey FOREIGN KEY (instance_id, owner_handle, instance_handle) REFERENCES public.instances(id, owner_handle, handle) ON DELETE CASCADE;
-- Name: default_services default_services_user_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.default_services
    ADD CONSTRAINT default_services_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
-- Name: definition_shares definition_shares_definition_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definition_shares
    ADD CONSTRAINT definition_shares_definition_fkey FOREIGN KEY (definition_id, owner_handle, definition_handle) REFERENCES public.definitions(id, owner_handle, handle) ON DELETE CASCADE;
-- Name: definition_shares definition_shares_given_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definition_shares
    ADD CONSTRAINT definition_shares_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: definition_shares definition_shares_grantee_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definition_shares
    ADD CONSTRAINT definition_shares_grantee_fkey FOREIGN KEY (grantee_id, grantee_handle) REFERENCES public.users(id, handle) ON DELETE CASCADE;
-- Name: definitions definitions_api_standard_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_api_standard_fkey FOREIGN KEY (api_standard) REFERENCES public.api_standards(handle) ON DELETE RESTRICT;
-- Name: definitions definitions_owner_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_owner_fkey FOREIGN KEY (owner_id, owner_handle) REFERENCES public.users(id, handle) ON DELETE CASCADE;
-- Name: instances instances_api_key_sealed_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_api_key_sealed_fkey FOREIGN KEY (api_key_sealed_under, api_key_sealed_state) REFERENCES public.encryption_keys(id, state);
-- Name: instances instances_api_standard_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_api_standard_fkey FOREIGN KEY (api_standard) REFERENCES public.api_standards(handle) ON DELETE RESTRICT;
-- Name: instances instances_definition_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_definition_fkey FOREIGN KEY (definition_id) REFERENCES public.definitions(id) ON DELETE SET NULL;
-- Name: instances instances_endpoint_set_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_endpoint_set_by_fkey FOREIGN KEY (endpoint_set_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: instances instances_headers_sealed_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_headers_sealed_fkey FOREIGN KEY (headers_sealed_under, headers_sealed_state) REFERENCES public.encryption_keys(id, state);
-- Name: instances instances_owner_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_owner_fkey FOREIGN KEY (owner_id, owner_handle) REFERENCES public.users(id, handle) ON DELETE CASCADE;
-- Name: model_configs model_configs_created_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.model_configs
    ADD CONSTRAINT model_configs_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: model_configs model_configs_deleted_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.model_configs
    ADD CONSTRAINT model_configs_deleted_by_fkey FOREIGN KEY (deleted_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: model_configs model_configs_instance_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.model_configs
    ADD CONSTRAINT model_configs_instance_fkey FOREIGN KEY (instance_id, instance_owner, provider) REFERENCES public.instances(id, owner_handle, provider);
-- Name: model_configs model_configs_updated_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.model_configs
    ADD CONSTRAINT model_configs_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: project_shares project_shares_given_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.project_shares
    ADD CONSTRAINT project_shares_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: project_shares project_shares_grantee_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.project_shares
    ADD CONSTRAINT project_shares_grantee_fkey FOREIGN KEY (grantee_id, grantee_handle) REFERENCES public.users(id, handle) ON DELETE CASCADE;
-- Name: project_shares project_shares_project_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.project_shares
    ADD CONSTRAINT project_shares_project_fkey FOREIGN KEY (project_id, owner_handle, project_handle) REFERENCES public.projects(id, owner_handle, handle) ON DELETE CASCADE;
-- Name: projects projects_instance_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_instance_fkey FOREIGN KEY (instance_id) REFERENCES public.instances(id);
-- Name: projects projects_owner_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_owner_fkey FOREIGN KEY (owner_id, owner_handle) REFERENCES public.users(id, handle) ON DELETE CASCADE;
-- Name: shares shares_given_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_given_by_fkey FOREIGN KEY (given_by) REFERENCES public.users(id) ON DELETE SET NULL;
-- Name: shares shares_given_via_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_given_via_fkey FOREIGN KEY (instance_id, given_via) REFERENCES public.shares(instance_id, grantee_id) ON DELETE CASCADE;
-- Name: shares shares_grantee_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_grantee_fkey FOREIGN KEY (grantee_id, grantee_handle) REFERENCES public.users(id, handle) ON DELETE CASCADE;
-- Name: shares shares_instance_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_instance_fkey FOREIGN KEY (instance_id, owner_handle, instance_handle) REFERENCES public.instances(id, owner_handle, handle) ON DELETE CASCADE;
-- Name: user_keys user_keys_api_key_sealed_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.user_keys
    ADD CONSTRAINT user_keys_api_key_sealed_fkey FOREIGN KEY (api_key_sealed_under, api_key_sealed_state) REFERENCES public.encryption_keys(id, state);
-- Name: user_keys user_keys_instance_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.user_keys
    ADD CONSTRAINT user_keys_instance_fkey FOREIGN KEY (instance_id) REFERENCES public.instances(id) ON DELETE CASCADE;
-- Name: user_keys user_keys_user_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
ALTER TABLE ONLY public.user_keys
    ADD CONSTRAINT user_keys_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
-- PostgreSQL database dump complete
