package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.application.audit.port.TimeSpan;
import io.claviger.bootstrap.cli.AuditExportCommand;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One role owns the schema and another serves, set up as docs/database.md says, word by word. */
class TwoRolesTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "database.md");
  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final String suffix = "_" + UUID.randomUUID().toString().substring(0, 8);
  private final String service = "claviger" + suffix;
  private final String owner = "claviger_owner" + suffix;
  private final String later = "claviger_service" + suffix;
  private final String password = "pw" + suffix;
  private final Journey journey = new Journey();
  private final String server = String.valueOf(journey.environment().get("DATABASE_URL"));
  private final JdbcClient administrator = JdbcClient.create(source(server));
  private List<String> blocks = List.of();

  @BeforeEach
  void set_up() throws IOException {
    blocks = blocks();
    assertThat(blocks).hasSize(4);
    execute(administrator, blocks.get(0));
    execute(as(owner), blocks.get(1));
  }

  @AfterEach
  void take_away() {
    execute(administrator, "drop database if exists " + service + " with (force)");
    for (String role : List.of(service, owner, later)) {
      execute(administrator, "drop role if exists " + role);
    }
    journey.close();
  }

  @Test
  void the_service_serves_and_can_neither_change_nor_remove_a_line_of_the_audit_trail()
      throws IOException {
    Node node = journey.startNode(environment());
    useEverything(node);
    journey.stop(node);
    long linesBefore = lines();
    assertThat(linesBefore).isGreaterThan(20);
    assertThat(exported()).as("with the line of the export itself").isEqualTo(linesBefore + 1);
    long lines = lines();

    List<String> attempts =
        List.of(
            "update audit_events set outcome = 'done'",
            "delete from audit_events",
            "truncate audit_events",
            "delete from audit_unsealed",
            "update audit_older set at = 'infinity'",
            "delete from audit_turn",
            "insert into audit_events_before select * from audit_events",
            "delete from audit_events_before",
            "drop table audit_events_before",
            "alter table audit_events detach partition audit_events_before",
            "select drop_month_partitions('audit_events', '2100-01-01')",
            "drop trigger audit_events_stand on audit_events",
            "alter table audit_events disable trigger audit_events_stand",
            "alter table audit_events disable trigger all",
            "alter table audit_events rename to old_events",
            "alter table audit_events owner to " + service,
            "alter table audit_events drop column address",
            "drop table audit_events",
            "create table events () inherits (audit_events)",
            "create table events (like audit_events)",
            "create rule quiet as on insert to audit_events do instead nothing",
            "create trigger quiet before insert on audit_events execute function note_row()",
            """
            create or replace function audit_events_stand() returns trigger language plpgsql
            as 'begin return null; end'
            """,
            "drop function audit_events_stand() cascade",
            "alter table users add column nick text",
            "drop schema public cascade",
            "set session_replication_role = replica",
            "set role " + owner);
    for (String attempt : attempts) {
      assertThatExceptionOfType(RuntimeException.class)
          .as(attempt)
          .isThrownBy(() -> execute(as(service), attempt))
          .satisfies(e -> assertThat(state(e)).as(attempt).isEqualTo(INSUFFICIENT_PRIVILEGE));
    }
    execute(as(service), "grant update, delete on audit_events to " + service);
    assertThat(mayChange(service)).isFalse();
    assertThat(lines()).isEqualTo(lines);
  }

  @Tag("thorough")
  @Test
  void tables_of_later_releases_are_the_services_to_use() {
    journey.stop(journey.startNode(environment()));
    execute(as(owner), "create table later (id bigint generated always as identity, n int)");

    execute(as(service), "insert into later (n) values (1)");
    execute(as(service), "update later set n = 2");
    execute(as(service), "delete from later");
  }

  @Test
  void without_the_owners_way_in_the_service_does_not_start_where_there_is_something_to_migrate() {
    Map<String, String> environment = environment();
    environment.remove("CLAVIGER_MIGRATION_DATABASE_URL");

    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> journey.startNode(environment))
        .withMessageContaining("may not create tables");
  }

  @Tag("thorough")
  @Test
  void a_database_of_one_role_is_turned_into_one_of_two() throws IOException {
    Map<String, String> before = environment();
    before.put("DATABASE_URL", url(owner));
    journey.stop(journey.startNode(before));
    execute(administrator, blocks.get(2));
    execute(as(owner), blocks.get(3));

    Map<String, String> after = environment();
    after.put("DATABASE_URL", url(later));
    Node node = journey.startNode(after);
    useEverything(node);
    journey.stop(node);

    assertThat(mayChange(later)).isFalse();
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> execute(as(later), "delete from audit_events"))
        .satisfies(e -> assertThat(state(e)).isEqualTo(INSUFFICIENT_PRIVILEGE));
  }

  @Test
  void the_documented_command_dumps_everything(@TempDir Path directory) throws Exception {
    String document = Files.readString(Path.of("..", "docs", "backup.md"));
    Matcher command = Pattern.compile("(?m)^pg_dump .*$").matcher(document);
    assertThat(command.find()).isTrue();
    int server =
        administrator
            .sql("select current_setting('server_version_num')::int / 10000")
            .query(Integer.class)
            .single();
    assumeTrue(DatabaseDump.pgDump() >= server, "pg_dump is missing or too old");
    journey.stop(journey.startNode(environment()));

    ProcessBuilder dump = new ProcessBuilder("sh", "-c", command.group());
    dump.environment().putAll(libpq(environment()));
    Process process =
        dump.directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("out"))).isZero();
    assertThat(directory.resolve("claviger.dump")).isNotEmptyFile();
  }

  /** Without {@code jdbc:}, as the document says. */
  private static Map<String, String> libpq(Map<String, String> environment) {
    Map<String, String> plain = new HashMap<>();
    environment.forEach((name, value) -> plain.put(name, value.replaceFirst("^jdbc:", "")));
    return plain;
  }

  /** Writes of each feature, a call, and what is to end up in the audit trail besides. */
  private void useEverything(Node node) {
    Api root = journey.root(node);
    Api alice = journey.user(node, "alice");
    Api bob = journey.user(node, "bob");
    root.put("/v1/api-standards/spare", Map.of("key_method", "none")).isStatus(201);
    root.delete("/v1/api-standards/spare").isStatus(204);
    alice
        .put("/v1/llm-definitions/alice/d", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    alice.put("/v1/llm-definitions/alice/d/shares/bob", Map.of("role", "reader")).isStatus(201);
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    bob.delete("/v1/llm-services/alice/lent").isStatus(403);
    journey.serviceOfUserKeys(alice, "alice/own");
    alice.share("alice/own", "bob", "reader").isStatus(201);
    bob.storeKey("alice/own", journey.endpoint(), journey.key("bob")).isStatus(201);
    alice.put("/v1/projects/alice/p", Map.of("service", "alice/lent")).isStatus(201);
    alice.put("/v1/projects/alice/p/shares/bob", Map.of("role", "reader")).isStatus(201);
    bob.put("/v1/users/bob/default-service", Map.of("service", "alice/lent")).isStatus(201);
    root.post("/v1/model-configs", Map.of("provider", "openai", "model", "m")).isStatus(201);
    alice.patch("/v1/llm-services/alice/lent", limitOf(100)).isStatus(200);
    bob.embed("alice/lent").isStatus(200);
    bob.embed("alice/own").isStatus(200);
    bob.callProject("alice/p", "embeddings").isStatus(200);
    bob.holding("clv_typed-wrongly").get("/v1/me").isStatus(401);
    bob.post("/v1/users/bob/tokens", Map.of("name", "second")).isStatus(201);
    bob.delete("/v1/llm-services/alice/own/user-key").isStatus(204);
    alice.delete("/v1/llm-services/alice/own").isStatus(204);
    root.delete("/v1/users/bob").isStatus(204);
    root.get("/v1/audit-events").isStatus(200);
  }

  private static Map<String, ?> limitOf(int perMinute) {
    return Map.of("limits", Map.of("requests_per_minute", perMinute));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("DATABASE_URL", url(service));
    environment.put("CLAVIGER_MIGRATION_DATABASE_URL", url(owner));
    return environment;
  }

  private long exported() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExportCommand.write(Settings.from(environment()), TimeSpan.ALWAYS, out);
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("{\"id\""))
        .count();
  }

  private long lines() {
    return as(service).sql("select count(*) from audit_events").query(Long.class).single();
  }

  private boolean mayChange(String role) {
    return as(role)
        .sql("select has_table_privilege('audit_events', 'update, delete, truncate')")
        .query(Boolean.class)
        .single();
  }

  /** The blocks of the section, for roles and a database of this test's own. */
  private List<String> blocks() throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf("## Two roles");
    Matcher block = SQL.matcher(text.substring(begin, text.indexOf("\n## ", begin)));
    List<String> found = new ArrayList<>();
    while (block.find()) {
      found.add(
          block
              .group(1)
              .replace("'…'", "'" + password + "'")
              .replaceAll("\\bclaviger_(owner|service)\\b", "claviger_$1" + suffix)
              .replaceAll("\\bclaviger\\b", service));
    }
    return found;
  }

  private JdbcClient as(String role) {
    return JdbcClient.create(source(url(role)));
  }

  private String url(String role) {
    String place = server.substring(0, server.lastIndexOf('/'));
    return place + "/" + service + "?user=" + role + "&password=" + password;
  }

  private static PGSimpleDataSource source(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    return source;
  }

  private static void execute(JdbcClient client, String statements) {
    boolean isOne = statements.contains("plpgsql") || statements.contains("$$");
    for (String statement : isOne ? new String[] {statements} : statements.split(";")) {
      if (!statement.isBlank()) {
        int unused = client.sql(statement).update();
      }
    }
  }

  private static String state(Throwable thrown) {
    Throwable cause = thrown;
    while (!(cause instanceof PSQLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : cause.toString();
  }
}
