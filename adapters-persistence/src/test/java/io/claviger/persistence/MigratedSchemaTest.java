package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.accounts.JdbcUsers;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.standards.JdbcApiStandards;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests the result of all migrations: comments, columns for secrets, and seeds. */
final class MigratedSchemaTest {
  @AutoClose
  private static final TestDatabase DATABASE =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private static final JdbcClient SQL = JdbcClient.create(DATABASE.dataSource());
  private static final Database CONNECTED = new Database(DATABASE.dataSource());

  @Test
  void tables_say_what_they_hold() {
    assertThat(
            SQL.sql(
                    """
                    select c.relname from pg_class c
                    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                      and c.relname <> 'flyway_schema_history'
                      and obj_description(c.oid, 'pg_class') is null
                    """)
                .query(String.class)
                .list())
        .isEmpty();
  }

  @Test
  void in_a_new_database_no_capacity_counts_as_lost_in_a_crash() {
    assertThat(
            texts(
                """
                select capacity from capacity_accounts
                where changed_at < clock_timestamp() - interval '1 minute'
                """))
        .containsExactly("*");
  }

  @Test
  void what_can_hold_bytes_is_a_hash_takes_what_looks_sealed_or_is_the_state_of_capacities() {
    assertThat(
            texts(
                """
                select concat_ws(' ', a.attrelid::regclass, a.attname,
                  case when a.attnotnull then 'not null' end,
                  (select string_agg(
                    pg_get_constraintdef(o.oid), ' '
                    order by pg_get_constraintdef(o.oid) collate "C")
                  from pg_constraint o
                  where o.conrelid = a.attrelid and o.contype = 'c' and o.conkey = array[a.attnum]))
                from pg_attribute a
                join pg_class c on c.oid = a.attrelid
                where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                  and a.atttypid = 'bytea'::regtype and a.attnum > 0 and not a.attisdropped
                order by 1
                """))
        .containsExactly(
            "access_tokens token_hash not null CHECK ((octet_length(token_hash) = 32))",
            "approvals change CHECK ((octet_length(change) <= 263000)) CHECK (looks_sealed(change))",
            "audit_chain content_hash not null CHECK ((octet_length(content_hash) = 32))",
            "audit_chain hash not null CHECK ((octet_length(hash) = 32))",
            "audit_head hash not null CHECK ((octet_length(hash) = 32))",
            "audit_head public_key not null CHECK ((octet_length(public_key) <= 100))",
            "audit_keys key_sealed not null CHECK (looks_sealed(key_sealed))",
            "audit_keys public_key not null CHECK ((octet_length(public_key) <= 100))",
            "billing_credentials credential_sealed not null CHECK (looks_sealed(credential_sealed))",
            "capacity_accounts state not null CHECK ((octet_length(state) <= 4194304))",
            "client_secrets secret_hash not null CHECK ((octet_length(secret_hash) = 32))",
            // Encrypted under the key for links, which the database does not know.
            "client_secrets session not null CHECK (((octet_length(session) >= 1) AND (octet_length(session) <= 20000)))",
            "client_secrets token_hash not null", // refers to access_tokens
            "device_codes device_code_hash not null CHECK ((octet_length(device_code_hash) = 32))",
            "encryption_keys sentinel not null CHECK (looks_sealed(sentinel))",
            "identities refresh_token_sealed CHECK (looks_sealed(refresh_token_sealed))",
            "instances api_key_sealed CHECK (looks_sealed(api_key_sealed))",
            "instances headers_sealed CHECK (looks_sealed(headers_sealed))",
            "issuer_keys key_sealed not null CHECK (looks_sealed(key_sealed))",
            "naming_keys key_sealed not null CHECK (looks_sealed(key_sealed))",
            "refresh_tokens current_hash not null CHECK ((octet_length(current_hash) = 32))",
            "refresh_tokens family_hash not null CHECK ((octet_length(family_hash) = 32))",
            "scim_tokens token_hash not null CHECK ((octet_length(token_hash) = 32))",
            "sessions secret_hash not null CHECK ((octet_length(secret_hash) = 32))",
            "sign_in_links secret_hash not null CHECK ((octet_length(secret_hash) = 32))",
            "sign_ins binding_hash not null CHECK ((octet_length(binding_hash) = 32))",
            "sign_ins state_hash not null CHECK ((octet_length(state_hash) = 32))",
            "user_keys api_key_sealed not null CHECK (looks_sealed(api_key_sealed))",
            "webhooks secret_sealed not null CHECK (looks_sealed(secret_sealed))");
  }

  @Test
  void nothing_but_bytes_is_named_as_if_it_held_a_secret() {
    assertThat(
            texts(
                """
                select table_name || '.' || column_name || ' ' || data_type
                from information_schema.columns
                where table_schema = 'public' and data_type not in ('bytea', 'boolean')
                  and not (select c.relispartition from pg_class c where c.oid = to_regclass('public.' || table_name))
                  and is_generated = 'NEVER' and table_name <> 'flyway_schema_history'
                  and column_name ~ '(key|secret|token|password|credential|sealed|value)'
                order by 1
                """))
        .containsExactly(
            "access_tokens.limit_max_output_tokens integer",
            "api_standards.key_field text",
            "api_standards.key_method text",
            "audit_events.token_id uuid",
            "batch_reservations.key_source text",
            "bill_days.lent_key text",
            "bill_days.usage_keys ARRAY",
            "billing_credentials.lent_key text",
            "capacity_minutes.input_tokens bigint",
            "capacity_minutes.output_tokens bigint",
            "current_activity.input_tokens bigint",
            "current_activity.output_tokens bigint",
            "group_limits.limit_max_output_tokens integer",
            "groups.claim_value text",
            "instances.api_key_set_at timestamp with time zone",
            "instances.api_key_version text",
            "instances.credential_kind text",
            "instances.credential_settings ARRAY",
            "instances.given_credential ARRAY",
            "instances.limit_max_output_tokens integer",
            "instances.provider_input_tokens_per_minute integer",
            "instances.provider_output_tokens_per_minute integer",
            "instances.provider_tokens_per_minute integer",
            "open_connections.input_tokens bigint",
            "open_connections.output_tokens bigint",
            "projects.limit_max_output_tokens integer",
            "refresh_tokens.token_id uuid",
            "rejected_keys.key_set_at timestamp with time zone",
            "sessions.token_id uuid",
            "shares.limit_max_output_tokens integer",
            "shares.pooled_limit_max_output_tokens integer",
            "trusts.claim_values ARRAY",
            "usage_charges.tokens bigint",
            "usage_daily.disputed_tokens bigint",
            "usage_daily.estimated_input_tokens bigint",
            "usage_daily.estimated_output_tokens bigint",
            "usage_daily.image_tokens bigint",
            "usage_daily.input_tokens bigint",
            "usage_daily.key_source text",
            "usage_daily.output_tokens bigint",
            "usage_lines.disputed_tokens bigint",
            "usage_lines.estimated_input_tokens bigint",
            "usage_lines.estimated_output_tokens bigint",
            "usage_lines.image_tokens bigint",
            "usage_lines.input_tokens bigint",
            "usage_lines.key_source text",
            "usage_lines.output_tokens bigint",
            "usage_rollups.disputed_tokens bigint",
            "usage_rollups.estimated_input_tokens bigint",
            "usage_rollups.estimated_output_tokens bigint",
            "usage_rollups.image_tokens bigint",
            "usage_rollups.input_tokens bigint",
            "usage_rollups.key_source text",
            "usage_rollups.output_tokens bigint",
            "usage_totals.input_tokens bigint",
            "usage_totals.output_tokens bigint",
            "user_limits.limit_max_output_tokens integer");
  }

  /**
   * There is no index, because a rotation would have to maintain it, and rotations are more
   * frequent than look-ups by this column.
   */
  @Test
  void whatever_is_sealed_refers_to_a_live_key_and_has_no_index_by_it() {
    assertThat(
            texts(
                """
                select table_name || '.' || column_name
                from information_schema.columns
                where table_schema = 'public' and right(column_name, 7) = '_sealed'
                order by 1
                """))
        .containsExactly(
            "audit_keys.key_sealed",
            "billing_credentials.credential_sealed",
            "identities.refresh_token_sealed",
            "instances.api_key_sealed",
            "instances.headers_sealed",
            "issuer_keys.key_sealed",
            "naming_keys.key_sealed",
            "user_keys.api_key_sealed",
            "webhooks.secret_sealed")
        .allSatisfy(
            column -> {
              assertThat(referringToKeys()).contains(column + "_under " + column + "_state");
              assertThat(leadingIndexes()).doesNotContain(column + "_under");
            });
  }

  @Test
  void the_seeds_are_those_of_the_contract() {
    assertThat(new JdbcUsers(CONNECTED).find(Handle.SYSTEM).orElseThrow().id())
        .isEqualTo(User.Id.SYSTEM);
    assertThat(new JdbcApiStandards(CONNECTED).list(Optional.empty(), 10))
        .extracting(
            s -> s.handle().value(),
            s -> s.format().wireName(),
            s -> s.placement().method().wireName(),
            s -> s.placement().field())
        .containsExactly(
            tuple("anthropic", "anthropic", "custom_header", "x-api-key"),
            tuple("azure-openai", "openai", "custom_header", "api-key"),
            tuple("bedrock", "bedrock", "auth_bearer", "authorization"),
            tuple("cohere", "cohere", "auth_bearer", "authorization"),
            tuple("gemini", "gemini", "custom_header", "x-goog-api-key"),
            tuple("none", "openai", "none", ""),
            tuple("ollama", "ollama", "none", ""),
            tuple("openai", "openai", "auth_bearer", "authorization"),
            tuple("vertex", "vertex", "auth_bearer", "authorization"));
    assertThat(definitions())
        .containsExactly(
            "anthropic-chat anthropic anthropic https://api.anthropic.com claude-sonnet-4-5 200000",
            "cohere-chat cohere cohere https://api.cohere.com command-a-03-2025 256000",
            "cohere-multilingual-v3 cohere cohere https://api.cohere.com embed-multilingual-v3.0"
                + " 1024 512",
            "cohere-v4 cohere cohere https://api.cohere.com embed-v4.0 1536 128000",
            "gemini-chat google gemini https://generativelanguage.googleapis.com gemini-2.5-flash"
                + " 1048576",
            "gemini-embedding-001 google gemini https://generativelanguage.googleapis.com"
                + " gemini-embedding-001 3072 2048",
            "ollama-chat ollama none http://localhost:11434/v1 llama3.3 131072",
            "openai-chat openai openai https://api.openai.com/v1 gpt-5 400000",
            "openai-large openai openai https://api.openai.com/v1 text-embedding-3-large 3072 8192",
            "openai-small openai openai https://api.openai.com/v1 text-embedding-3-small 1536"
                + " 8192");
  }

  @Test
  void the_seeded_standards_have_the_lists_of_their_formats_and_of_azures_sdks() {
    assertThat(new JdbcApiStandards(CONNECTED).list(Optional.empty(), 10))
        .isEqualTo(Seeds.STANDARDS);
  }

  /** The columns for id and state of each foreign key to the encryption keys. */
  private static List<String> referringToKeys() {
    return texts(
        """
        select o.conrelid::regclass || '.' || u.attname || ' '
          || o.conrelid::regclass || '.' || t.attname
        from pg_constraint o
        join pg_attribute u on u.attrelid = o.conrelid and u.attnum = o.conkey[1]
        join pg_attribute t on t.attrelid = o.conrelid and t.attnum = o.conkey[2]
        where o.contype = 'f' and o.confrelid = 'encryption_keys'::regclass
        """);
  }

  private static List<String> leadingIndexes() {
    return texts(
        """
        select i.indrelid::regclass || '.' || a.attname
        from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        """);
  }

  private static List<String> definitions() {
    return texts(
        """
        select concat_ws(' ', handle, provider, api_standard, endpoint, model, dimensions,
          context_limit)
        from definitions
        order by handle
        """);
  }

  private static List<String> texts(String query) {
    return SQL.sql(query).query((rs, n) -> rs.getString(1)).list();
  }
}
