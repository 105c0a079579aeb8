package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** Each constraint of the schema refuses a statement that violates it. */
final class ConstraintsTest {
  /**
   * The features, each with a file of cases: the name of a constraint, and what it has to refuse.
   */
  private static final List<String> FEATURES =
      List.of(
          "accounts",
          "approvals",
          "audit",
          "bills",
          "budgets",
          "capacity",
          "defaults",
          "definitions",
          "gateway",
          "groups",
          "identity",
          "imports",
          "instances",
          "keys",
          "models",
          "oauth",
          "objects",
          "prices",
          "projects",
          "requests",
          "retention",
          "reviews",
          "routing",
          "sessions",
          "sharing",
          "standards",
          "providers",
          "transfers",
          "scim",
          "trusts",
          "usage",
          "webhooks");

  /** Constraints that exist only for references. The primary keys already imply them. */
  private static final Set<String> IMPLIED =
      Set.of(
          "users_id_handle_key",
          "webhooks_receiver_id_key",
          "groups_id_at_handle_key",
          "users_id_kind_key",
          "trusts_id_account_key",
          "transfers_id_open_key",
          "access_tokens_lineage_key",
          "encryption_keys_id_state_key",
          "definitions_id_owner_handle_handle_key",
          "projects_id_owner_handle_handle_key",
          "api_standards_handle_format_key",
          "instances_id_api_standard_key",
          "instances_id_owner_handle_key",
          "model_configs_id_format_bound_key",
          // Tried in ModelTargetsContract, which has a target that is no model's first.
          "model_targets_format_fkey",
          "instances_id_owner_handle_handle_key",
          "instances_id_owner_handle_provider_key",
          "instances_id_is_everybodys_key");

  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("SYSTEM", "'01900000-0000-7000-8000-000000000001'"),
          Map.entry("ALICE", "'0190aaaa-0000-7000-8000-000000000001'"),
          Map.entry("BOB", "'0190aaaa-0000-7000-8000-000000000002'"),
          Map.entry("CAROL", "'0190aaaa-0000-7000-8000-000000000003'"),
          Map.entry("ROBOT", "'0190aaaa-0000-7000-8000-000000000004'"),
          Map.entry("INSTANCE", "'0190aaaa-0000-7000-8000-0000000000f1'"),
          Map.entry("SECOND", "'0190aaaa-0000-7000-8000-0000000000f2'"),
          Map.entry("SYSTEMS", "'0190aaaa-0000-7000-8000-0000000000f3'"),
          Map.entry("GONE", "'0190aaaa-0000-7000-8000-00000000dead'"),
          Map.entry("TEAM", "'0190aaaa-0000-7000-8000-0000000000e1'"),
          Map.entry("HASH", "sha256('1')"),
          Map.entry("SEALED", sealedUnder("0a0b0c0d")),
          Map.entry("SEALED_UNDER_OTHER", sealedUnder("0a0b0c10")),
          Map.entry("SEALED_UNDER_RETIRED", sealedUnder("0a0b0c0e")),
          Map.entry("SEALED_UNDER_UNKNOWN", sealedUnder("0a0b0c0f")));

  /** Matches the additional part of the names of keys in tables with partitions. */
  private static final Pattern PARTITION = Pattern.compile("_(before|default|\\d{4}_\\d{2})_");

  private static final Pattern WORD = Pattern.compile("\\b[A-Z_]+\\b");
  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();

  @BeforeAll
  static void fill() throws SQLException {
    try (Connection connection = PORTS.dataSource().getConnection()) {
      execute(connection, resource("rows.sql"));
    }
  }

  static Stream<Arguments> cases() {
    return FEATURES.stream()
        .flatMap(feature -> resource(feature + ".txt").lines())
        .map(line -> line.split(" \\| ", 2))
        .map(parts -> Arguments.of(parts[0], parts[1]));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void it_is_refused(String constraint, String statement) throws SQLException {
    try (Connection connection = PORTS.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, statement))
          .extracting(e -> Objects.requireNonNull(e.getServerErrorMessage()).getConstraint())
          .asString()
          .satisfies(
              name -> assertThat(PARTITION.matcher(name).replaceFirst("_")).isEqualTo(constraint));
      connection.rollback();
    }
  }

  @Test
  void every_constraint_is_tried() {
    Set<String> tried =
        cases().map(c -> String.valueOf(c.get()[0])).collect(Collectors.toCollection(TreeSet::new));
    tried.addAll(IMPLIED);

    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select regexp_replace(conname, '_(before|default|[0-9]{4}_[0-9]{2})_', '_')
                      collate "C"
                    from pg_constraint
                    where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'p', 'u')
                      and conrelid <> 'flyway_schema_history'::regclass
                    union
                    select c.relname from pg_class c join pg_index i on i.indexrelid = c.oid
                    where c.relnamespace = 'public'::regnamespace and i.indisunique
                      and i.indpred is not null
                    order by 1
                    """)
                .query(String.class)
                .list())
        .containsExactlyElementsOf(tried);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update instances set api_key_sealed = SEALED_UNDER_OTHER, api_key_set_at = now()",
        "update instances set headers_sealed = SEALED_UNDER_OTHER, custom_header_names = '{a}'",
        "update user_keys set api_key_sealed = SEALED_UNDER_OTHER",
        "update approvals set change = SEALED_UNDER_OTHER"
      })
  void a_key_in_use_is_not_retired(String use) throws SQLException {
    String retirement = "update encryption_keys set state = 'retired' where id = '0a0b0c10'";
    try (Connection connection = PORTS.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, retirement);
      connection.rollback();
      execute(connection, use);

      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, retirement))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("23503"));
      connection.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update instances set limit_budgets = BUDGETS",
        "update instances set budgets_in_all = BUDGETS",
        "update shares set limit_budgets = BUDGETS",
        "update shares set pooled_limit_budgets = BUDGETS where group_id is not null",
        "update access_tokens set limit_budgets = BUDGETS"
      })
  void a_time_zone_that_the_server_does_not_know_is_refused(String statement) throws SQLException {
    String budgets =
        "array['1 usd day UTC strict refuse', '1 usd day Europe/Atlantis strict refuse']";
    try (Connection connection = PORTS.dataSource().getConnection()) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, statement.replace("BUDGETS", budgets)))
          .extracting(e -> Objects.requireNonNull(e.getServerErrorMessage()).getConstraint())
          .isEqualTo("budget_zones_known");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{audience=openai}", "{audience=a,provider=openai2}"})
  void a_federation_with_an_unknown_provider_is_refused(String settings) throws SQLException {
    try (Connection connection = PORTS.dataSource().getConnection()) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(
              () ->
                  execute(
                      connection,
                      "update instances set credential_kind = 'federated', credential_settings = '%s'"
                          .formatted(settings)))
          .extracting(e -> Objects.requireNonNull(e.getServerErrorMessage()).getConstraint())
          .isEqualTo("instances_credential_federation_known");
    }
  }

  @Test
  void system_is_not_deleted() throws SQLException {
    try (Connection connection = PORTS.dataSource().getConnection()) {
      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> execute(connection, "delete from users where handle = '_system'"))
          .withMessageContaining("built in");
    }
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    String sql =
        WORD.matcher(statement)
            .replaceAll(
                word -> Matcher.quoteReplacement(VALUES.getOrDefault(word.group(), word.group())));
    try (Statement executed = connection.createStatement()) {
      boolean unused = executed.execute(sql);
    }
  }

  private static String resource(String name) {
    try (InputStream file =
        Objects.requireNonNull(ConstraintsTest.class.getResourceAsStream("constraints/" + name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sealedUnder(String id) {
    return "'\\x01" + id + "00".repeat(40) + "'::bytea";
  }
}
