package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database of the previous release, as {@code pg_dump} wrote it, with something of every kind in
 * it. What is sealed in it is bound to a provider at 127.0.0.1:21717.
 */
class UpgradeJourneyTest {
  private static final int PROVIDER = 21_717;
  private static final String ENCRYPTION_KEY = "encryption-key-of-the-previous-release-5b8e";
  private static final String ROOT = "root-token-of-the-previous-release-0123456789";
  private static final String ALICE = "clv_2UhESz1wa4VK4yWHSnRysPyFU6mugu0uGwjzne5Yrd42ZRksQ";
  private static final String BOB = "clv_AhBddkIhBqtPxC2yQzeGsnVR32fOGYxmpb4vdVAByfs3x1UB9";
  private static final String CAROL = "clv_aOfbAU1Hc4iXL084LyrIDy2PlfmZ3xOWwerm9Jxiauz2m4wia";
  private static final String BOB_FOR_ONE_SERVICE =
      "clv_HqUleYMyC01ssUSNPpemHTymDqCMOWFcQinDFJ1ODYf0y6mt7";

  @TempDir private Path directory = Path.of("");

  @AutoClose private final TestDatabase database = PostgresForTests.empty();

  @BeforeEach
  void restore() throws SQLException, IOException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        InputStream dump =
            Objects.requireNonNull(getClass().getResourceAsStream("previous-release.sql"))) {
      boolean unused = statement.execute(new String(dump.readAllBytes(), StandardCharsets.UTF_8));
      unused = statement.execute("discard all");
    }
  }

  @Test
  void a_database_of_the_previous_release_becomes_current_and_everything_in_it_works()
      throws Exception {
    assumeTrue(isFree(PROVIDER), "port " + PROVIDER + " is in use");
    try (StubProvider provider = StubProvider.start(StubOptions.defaults().port(PROVIDER));
        Program program = Program.start(directory, environment(), "serve")) {
      Program.Ready ready = program.ready();
      assertThat(Schema.isCurrent(new Database(database.dataSource()))).isTrue();
      assertThat(new Schema(database.dataSource()).state()).isEqualTo(Schema.State.CURRENT);

      Api alice = ready.caller(ALICE);
      Api bob = ready.caller(BOB);
      Api carol = ready.caller(CAROL);
      alice.embed("alice/lent").isStatus(200);
      bob.embed("alice/lent").isStatus(200);
      ready.caller(BOB_FOR_ONE_SERVICE).embed("alice/lent").isStatus(200);
      carol.callProject("alice/corpus", "embeddings").isStatus(200);
      bob.embed("alice/of-users").isStatus(200);
      carol.embed("_system/shared").isStatus(200);
      alice.embed("alice/by-query").isStatus(200);
      assertThat(provider.requests().stream().map(r -> r.header("Authorization")))
          .containsExactly(
              "Bearer sk-previous-of-lent-0123456789",
              "Bearer sk-previous-of-lent-0123456789",
              "Bearer sk-previous-of-lent-0123456789",
              "Bearer sk-previous-of-lent-0123456789",
              "Bearer sk-previous-of-bob-0123456789",
              "Bearer sk-previous-of-system-0123456789",
              null);
      assertThat(provider.requests().get(0).header("X-Extra"))
          .isEqualTo("header-previous-of-lent-0123456789");
      assertThat(provider.requests().get(6).uri()).contains("key=sk-previous-by-query-0123456789");

      ready.caller(BOB_FOR_ONE_SERVICE).embed("_system/shared").isStatus(404);
      alice.embed("alice/disabled").isStatus(403);
      carol.embed("alice/lent").isStatus(404);
      assertThat(alice.defaultService("alice")).isEqualTo("alice/lent");
      assertThat(bob.get("/v1/models").items("model")).contains("text-embedding-3-small");
      assertThat(bob.get("/v1/llm-definitions/alice/lab-model").text("/model")).isEqualTo("lab");
      assertThat(ready.caller(ROOT).get("/v1/usage").items("service")).contains("alice/lent");
      assertThat(column("select action from audit_events"))
          .contains("service.key_set", "user_key.create", "service.share", "token.rejected");
      assertThat(alice.delete("/v1/llm-services/alice/lent/shares/bob").status()).isEqualTo(204);
      assertThat(Eventually.answers(404, () -> bob.embed("alice/lent")).status()).isEqualTo(404);
      program.terminate();
      program.ended(0);
    }
  }

  @Tag("thorough")
  @Test
  void doctor_says_what_the_next_start_would_do() throws Exception {
    // Whatever has been added since: behind it is, or, without additions, current.
    boolean behind = new Schema(database.dataSource()).state() == Schema.State.BEHIND;
    Program doctor = Program.start(directory, environment(), "doctor").ended(0);
    assertThat(doctor.printed())
        .anyMatch(line -> line.startsWith((behind ? "warn" : "ok  ") + "  schema"));
    assertThat(new Schema(database.dataSource()).state())
        .isEqualTo(behind ? Schema.State.BEHIND : Schema.State.CURRENT);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", database.jdbcUrl());
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    environment.put("ENCRYPTION_KEY", ENCRYPTION_KEY);
    environment.put("CLAVIGER_ADMIN_TOKEN", ROOT);
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + PROVIDER);
    return environment;
  }

  private List<String> column(String query) {
    return JdbcClient.create(database.dataSource())
        .sql(query)
        .query((row, number) -> row.getString(1))
        .list();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
