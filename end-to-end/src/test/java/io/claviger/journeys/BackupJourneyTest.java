package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.DataDirectory;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups as docs/backup.md describes, restored with and without the right key. */
@Order(2)
@Tag("thorough")
class BackupJourneyTest {
  private static final String KEY = "sk-canary/of-the-backup+3f9d51c7e2";
  private static final String OTHER_KEY = "another-encryption-key-of-the-backup-0123456789";

  @TempDir private Path directory = Path.of("");

  @Test
  void a_dump_restored_elsewhere_works_with_its_key_and_does_not_start_with_another()
      throws Exception {
    try (Journey journey = new Journey()) {
      Node node = journey.startNode();
      Api alice = journey.user(node, "alice");
      journey.service(alice, "alice/mine");
      String id = journey.column("select id from encryption_keys").get(0);
      Map<String, String> environment = journey.environment();
      try (TestDatabase elsewhere = journey.restoredElsewhere(directory)) {
        environment.put("DATABASE_URL", elsewhere.jdbcUrl());
        Node restored = journey.startNode(environment);
        alice.at(restored).embed("alice/mine").isStatus(200);
        journey.stop(restored);
        assertThat(journey.credentials()).containsExactly("Bearer " + journey.key("alice/mine"));
        environment.put("ENCRYPTION_KEY", OTHER_KEY);
        assertRefused(environment, id);
      }
    }
  }

  @Test
  void a_copied_data_directory_works_and_without_its_key_does_not_start() throws Exception {
    Path data = directory.resolve("data");
    Path copy = directory.resolve("copy");
    try (StubProvider provider = StubProvider.start()) {
      Map<String, String> environment = environment(data, provider);
      String alice;
      try (Program program = Program.start(directory, environment, "serve")) {
        Program.Ready ready = program.ready();
        alice = registered(ready, provider, Files.readString(data.resolve("admin-token")).strip());
        program.terminate();
        program.ended(0);
      }
      copy(data, copy);
      environment = environment(copy, provider);
      try (Program program = Program.start(directory, environment, "serve")) {
        program.ready().caller(alice).embed("alice/mine").isStatus(200);
        program.terminate();
        program.ended(0);
      }
      assertThat(provider.requests().get(0).header("Authorization")).isEqualTo("Bearer " + KEY);

      Files.move(copy.resolve("encryption-key"), directory.resolve("kept-elsewhere"));
      assertRefused(environment, "encryption-key");
      environment.put("ENCRYPTION_KEY", OTHER_KEY);
      assertThat(assertRefused(environment, "not given: "))
          .containsPattern("not given: [0-9a-f]{8};");
      environment.remove("ENCRYPTION_KEY");
      environment.put("ENCRYPTION_KEY_FILE", directory.resolve("kept-elsewhere").toString());
      try (Program program = Program.start(directory, environment, "serve")) {
        program.ready().caller(alice).embed("alice/mine").isStatus(200);
        program.terminate();
        program.ended(0);
      }
    } finally {
      for (Path left : List.of(data, copy)) {
        if (Files.isDirectory(left) && EmbeddedDatabase.existsIn(DataDirectory.open(left))) {
          EmbeddedDatabase.toJoin(DataDirectory.open(left)).close();
        }
      }
    }
  }

  private static String registered(Program.Ready ready, StubProvider provider, String adminToken) {
    Api root = ready.caller(adminToken);
    String alice =
        root.post("/v1/users", Map.of("handle", "alice")).isStatus(201).text("/access_token");
    root.holding(alice).putService("alice/mine", provider.baseUrl() + "/v1", KEY);
    return alice;
  }

  private static String assertRefused(Map<String, String> environment, String naming) {
    CommandResult refused = Commands.run(environment, "serve").ended(1);
    assertThat(refused.errors())
        .contains(naming)
        .doesNotContain(OTHER_KEY, Journey.ENCRYPTION_KEY, "\tat ");
    return refused.errors();
  }

  private static Map<String, String> environment(Path data, StubProvider provider) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLAVIGER_DATA_DIR", data.toString());
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + provider.port());
    return environment;
  }

  /** Copies a directory like {@code cp -a}. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }
}
