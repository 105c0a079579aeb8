package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.testkit.http.TestResponse;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartAndStopJourneyTest {
  private static final String OTHER_KEY = "canary-another/encryption+key-0123456789";

  @AutoClose private final Journey journey = new Journey();

  @Test
  void a_wrong_encryption_key_starts_nothing_and_the_missing_one_is_named() {
    journey.stop(journey.startNode());
    String missing = journey.column("select id from encryption_keys").get(0);
    Map<String, String> environment = journey.environment();
    environment.put("ENCRYPTION_KEY", OTHER_KEY);
    assertThatThrownBy(() -> journey.startNode(environment))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining(missing)
        .message()
        .doesNotContain(OTHER_KEY, Journey.ENCRYPTION_KEY);
    assertThat(journey.column("select id from encryption_keys")).containsExactly(missing);
  }

  @Test
  void unusable_files_of_tls_start_nothing(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("tls"), "no PEM");
    Map<String, String> environment = journey.environment();
    environment.put("CLAVIGER_TLS_CERT", file.toString());
    environment.put("CLAVIGER_TLS_KEY", file.toString());
    assertThatThrownBy(() -> journey.startNode(environment))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("CLAVIGER_TLS_CERT");
    assertThat(journey.column("select id from encryption_keys")).isEmpty();
  }

  /** For example the original of a database that was restored elsewhere to try an upgrade. */
  @Test
  void another_database_than_that_of_the_service_is_not_migrated() {
    try (TestDatabase another = PostgresForTests.empty()) {
      Map<String, String> environment = journey.environment();
      environment.put("CLAVIGER_MIGRATION_DATABASE_URL", another.jdbcUrl());
      assertThatThrownBy(() -> journey.startNode(environment))
          .isInstanceOf(StartRefused.class)
          .hasMessage("DATABASE_URL and CLAVIGER_MIGRATION_DATABASE_URL lead to two databases");
      assertThat(new Schema(another.dataSource()).state()).isEqualTo(Schema.State.EMPTY);
    }
  }

  @Test
  void a_new_key_before_the_old_one_opens_what_is_there_and_seals_what_comes() {
    Node before = journey.startNode();
    Api alice = journey.user(before, "alice");
    journey.service(alice, "alice/old");
    journey.stop(before);
    Map<String, String> environment = journey.environment();
    environment.put("ENCRYPTION_KEY", OTHER_KEY + "," + Journey.ENCRYPTION_KEY);
    Node after = journey.startNode(environment);
    journey.service(alice.at(after), "alice/new");
    alice.at(after).embed("alice/old").isStatus(200);
    alice.at(after).embed("alice/new").isStatus(200);
    assertThat(journey.column("select distinct api_key_sealed_under from instances")).hasSize(2);
    assertThatThrownBy(() -> journey.startNode()).isInstanceOf(StartRefused.class);
  }

  @Test
  void a_call_under_way_ends_well_while_the_node_stops() throws Exception {
    Node node = journey.startNode();
    Api alice = journey.user(node, "alice");
    journey.service(alice, "alice/slow");
    Map<String, Object> chat =
        Map.of(
            "model",
            "stub-chunk-delay-100-count-10",
            "stream",
            true,
            "messages",
            List.of(Map.of("role", "user", "content", "Hello")));
    CompletableFuture<TestResponse> call =
        CompletableFuture.supplyAsync(
            () -> alice.call("alice/slow", "chat/completions", chat), Thread::startVirtualThread);
    assertThat(journey.provider().awaitRequests(1, Duration.ofSeconds(30))).hasSize(1);

    journey.stop(node);
    assertThat(call.get(30, TimeUnit.SECONDS).isStatus(200).body()).contains("[DONE]");
    assertThatThrownBy(() -> alice.get("/health/live")).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> alice.embed("alice/slow")).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void the_port_of_the_api_closes_while_a_stream_of_the_gateway_goes_on() throws Exception {
    Node node = journey.startNode();
    Api alice = journey.user(node, "alice");
    journey.service(alice, "alice/slow");
    Map<String, Object> chat =
        Map.of(
            "model",
            "stub-chunk-delay-100-count-60",
            "stream",
            true,
            "messages",
            List.of(Map.of("role", "user", "content", "Hello")));
    CompletableFuture<TestResponse> call =
        CompletableFuture.supplyAsync(
            () -> alice.call("alice/slow", "chat/completions", chat), Thread::startVirtualThread);
    assertThat(journey.provider().awaitRequests(1, Duration.ofSeconds(30))).hasSize(1);

    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(() -> journey.stop(node), Thread::startVirtualThread);
    Eventually.holds(Duration.ofSeconds(20), () -> isRefused(alice));

    assertThat(call).isNotDone();
    assertThat(call.get(30, TimeUnit.SECONDS).isStatus(200).body()).contains("[DONE]");
    assertThat(stopped).succeedsWithin(Duration.ofSeconds(30));
  }

  private static boolean isRefused(Api alice) {
    try {
      TestResponse unused = alice.get("/health/live");
      return false;
    } catch (UncheckedIOException closed) {
      return true;
    }
  }
}
