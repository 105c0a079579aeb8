package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nodes whose connections pass a PgBouncer, but for the direct ones. */
@Tag("thorough")
class PgBouncerJourneyTest {
  private static final String NEW = "canary/the+next-encryption-key-8e2a-0123456789";
  private static final int STATEMENTS = 200;

  @TempDir private Path directory = Path.of("");

  private final NodesAt nodes = new NodesAt();

  @SuppressWarnings("NullAway.Init") // set before each test
  private TestDatabase database;

  @SuppressWarnings("NullAway.Init") // set before each test
  private PgBouncer pooler;

  @BeforeEach
  void start() throws Exception {
    PgBouncer.assumeInstalled();
    database = PostgresForTests.empty();
    pooler = PgBouncer.start(directory, database.jdbcUrl());
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    if (pooler != null) {
      pooler.close();
      database.close();
    }
  }

  @Test
  void two_nodes_migrate_call_lend_revoke_and_change_the_encryption_key() {
    List<Node> started = Race.of(2, n -> nodes.start(environment(Journey.ENCRYPTION_KEY)), 1);
    Node one = started.get(0);
    Node other = started.get(1);
    Api alice = nodes.user(one, "alice");
    Api bob = nodes.user(one, "bob").at(other);
    nodes.service(alice, "alice/lent");

    for (int round = 0; round < 5; round++) {
      alice.share("alice/lent", "bob", "reader").isStatus(201);
      Eventually.answers(200, () -> bob.models("alice/lent")).isStatus(200);
      alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);
      NodesAt.awaitBound();
      bob.models("alice/lent").isStatus(404);
    }
    // More often than the driver waits before it prepares a statement on the server.
    List<Integer> read =
        Race.of(8, n -> alice.get("/v1/llm-services/alice/lent").status(), STATEMENTS / 8);
    assertThat(read).containsOnly(200);

    nodes.stop(one);
    nodes.stop(other);
    Map<String, String> both = environment(NEW + "," + Journey.ENCRYPTION_KEY);
    Node last = nodes.start(both);
    assertThat(Commands.run(both, "keys", "rotate").ended(0).printed())
        .anyMatch(line -> line.contains(" values were reencrypted"));
    alice.at(last).embed("alice/lent").isStatus(200);
  }

  @Test
  void changes_are_not_watched_in_another_database() {
    try (TestDatabase another = PostgresForTests.empty()) {
      Map<String, String> environment = environment(Journey.ENCRYPTION_KEY);
      environment.put("CLAVIGER_DIRECT_DATABASE_URL", another.jdbcUrl());

      assertThatThrownBy(() -> nodes.start(environment))
          .isInstanceOf(StartRefused.class)
          .hasMessage("DATABASE_URL and CLAVIGER_DIRECT_DATABASE_URL lead to two databases");
      assertThat(
              JdbcClient.create(another.dataSource())
                  .sql("select count(*) from pg_tables where schemaname = 'public'")
                  .query(Integer.class)
                  .single())
          .isZero();
    }
  }

  @Test
  void nothing_starts_in_transaction_mode_without_the_direct_address() {
    Map<String, String> environment = environment(Journey.ENCRYPTION_KEY);
    nodes.stop(nodes.start(environment));
    assertThat(Commands.run(environment, "doctor").ended(0).printed())
        .contains("ok    direct_database  leads to the same database as DATABASE_URL");

    environment.remove("CLAVIGER_DIRECT_DATABASE_URL");
    assertThatThrownBy(() -> nodes.start(environment))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("another connection for each transaction")
        .hasMessageContaining("CLAVIGER_DIRECT_DATABASE_URL");
    assertThat(Commands.run(environment, "doctor").ended(1).printed())
        .anyMatch(line -> line.startsWith("FAIL  direct_database") && line.contains("PgBouncer"));
    environment.put("DATABASE_URL", database.jdbcUrl());
    assertThat(Commands.run(environment, "doctor").ended(0).printed())
        .noneMatch(line -> line.contains("direct_database"));
  }

  /** The connection that reads changes may have to wait for one of the pooler's. */
  @Test
  void a_node_in_session_mode_without_the_direct_address_works_and_warns() throws Exception {
    pooler.close();
    pooler = PgBouncer.ofSessions(directory, database.jdbcUrl(), 40);
    Map<String, String> environment = environment(Journey.ENCRYPTION_KEY);
    environment.remove("CLAVIGER_DIRECT_DATABASE_URL");

    Node node = nodes.start(environment);
    Api alice = nodes.user(node, "alice");
    Api bob = nodes.user(node, "bob");
    nodes.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    Eventually.answers(200, () -> bob.models("alice/lent")).isStatus(200);
    alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);
    NodesAt.awaitBound();
    bob.models("alice/lent").isStatus(404);

    assertThat(Commands.run(environment, "doctor").ended(0).printed())
        .anyMatch(line -> line.startsWith("warn  direct_database") && line.contains("PgBouncer"));
  }

  @Test
  void nothing_starts_in_statement_mode() throws Exception {
    pooler.close();
    pooler = PgBouncer.start(directory, database.jdbcUrl(), "statement", 2);

    assertThatThrownBy(() -> nodes.start(environment(Journey.ENCRYPTION_KEY)))
        .hasMessageStartingWith("the database can't be used: ")
        .hasMessageContaining("statement pooling mode");
  }

  private Map<String, String> environment(String keys) {
    Map<String, String> environment = nodes.environment(pooler.through(database.jdbcUrl()));
    environment.put("CLAVIGER_DIRECT_DATABASE_URL", database.jdbcUrl());
    environment.put("ENCRYPTION_KEY", keys);
    return environment;
  }
}
