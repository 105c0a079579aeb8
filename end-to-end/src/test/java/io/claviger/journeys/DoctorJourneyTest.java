package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.DataDirectory;
import io.claviger.testkit.http.LocalHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code doctor} command, for all states of a database and a node. */
@Tag("thorough")
class DoctorJourneyTest {
  private static final String OTHER_KEY = "another-encryption-key-of-the-doctor-0123456789";

  @TempDir private Path directory = Path.of("");

  @AutoClose private final Journey journey = new Journey();

  @Test
  void beside_a_running_node_and_after_it_all_is_well() throws Exception {
    Map<String, String> environment = journey.environment();
    environment.merge(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
        "localhost:1, 10.1.0.0/16, no-such.invalid",
        (a, b) -> a + ", " + b);
    Node node = journey.startNode();
    assertWell(environment);
    journey.stop(node);
    assertWell(environment);
  }

  private static void assertWell(Map<String, String> environment) {
    List<String> found = doctor(environment, 0);
    assertThat(found)
        .anyMatch(line -> line.matches("ok +sealing +.*[0-9a-f]{8}"))
        .anyMatch(line -> line.matches("ok +database +PostgreSQL \\d+.* answers"))
        .anyMatch(line -> line.matches("ok +clock +\\d+ ms away from the database's"))
        .anyMatch(line -> line.matches("ok +schema +.*"))
        .anyMatch(
            line -> line.matches("ok +encryption_keys +.* new values are sealed with [0-9a-f]{8}"))
        .anyMatch(
            line -> line.matches("ok +private_hosts +localhost:1 is allowed: .*127\\.0\\.0\\.1.*"))
        .anyMatch(
            line -> line.matches("ok +private_hosts +10\\.1\\.0\\.0/16 is allowed \\(a range\\)"))
        .anyMatch(line -> line.matches("warn +private_hosts +no-such\\.invalid .*not resolve"))
        .noneMatch(line -> line.startsWith("FAIL"));
  }

  @Test
  void with_another_key_it_names_the_ids_that_are_missing() throws Exception {
    journey.stop(journey.startNode());
    String id = journey.column("select id from encryption_keys").get(0);
    Map<String, String> environment = journey.environment();
    environment.put("ENCRYPTION_KEY", OTHER_KEY);
    assertThat(doctor(environment, 1))
        .anyMatch(line -> line.startsWith("FAIL  encryption_keys") && line.contains(id))
        .anyMatch(line -> line.startsWith("ok    sealing"));
    assertThat(journey.column("select id from encryption_keys")).containsExactly(id);
  }

  @Test
  void a_key_that_is_none_and_an_entry_that_is_none_are_told_without_the_key() throws Exception {
    Map<String, String> environment = journey.environment();
    environment.put("ENCRYPTION_KEY", "too-short");
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "10.0.0.0/99");
    assertThat(doctor(environment, 1))
        .anyMatch(line -> line.startsWith("FAIL  encryption_keys"))
        .anyMatch(line -> line.startsWith("ok    database"))
        .anyMatch(line -> line.startsWith("FAIL  private_hosts    10.0.0.0/99"))
        .noneMatch(line -> line.contains("too-short"));
  }

  @Test
  void with_the_database_away_it_says_so_and_goes_on() throws Exception {
    int closed = LocalHttp.freePort();
    Map<String, String> environment = journey.environment();
    environment.put("DATABASE_URL", "postgres://claviger:pass-canary@127.0.0.1:" + closed + "/x");
    assertThat(doctor(environment, 1))
        .anyMatch(line -> line.startsWith("FAIL  database") && line.contains("can't be reached"))
        .anyMatch(line -> line.startsWith("ok    sealing"))
        .anyMatch(line -> line.startsWith("ok    private_hosts"))
        .noneMatch(line -> line.contains("pass-canary"));
  }

  @Test
  void before_the_first_start_it_makes_nothing_and_beside_it_joins_the_embedded_database()
      throws Exception {
    Path data = directory.resolve("data");
    Map<String, String> environment = new HashMap<>();
    environment.put("CLAVIGER_DATA_DIR", data.toString());
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    assertThat(doctor(environment, 0)).anyMatch(line -> line.startsWith("warn  data_directory"));
    assertThat(data).doesNotExist();
    ServerPrograms.lendTo(data);
    try (Program node = Program.start(directory, environment, "serve")) {
      Program.Ready ready = node.ready();
      assertThat(doctor(environment, 0)).allMatch(DoctorJourneyTest::isFine);
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
      assertThat(doctor(environment, 1))
          .anyMatch(line -> line.startsWith("FAIL  data_directory") && line.contains("chmod 700"));
      assertThat(Files.getPosixFilePermissions(data))
          .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
      ready.caller("none").get("/health/ready").isStatus(200);
      node.terminate();
      node.ended(0);
      assertThat(doctor(environment, 0)).allMatch(DoctorJourneyTest::isFine);
    } finally {
      if (EmbeddedDatabase.existsIn(DataDirectory.open(data))) {
        EmbeddedDatabase.toJoin(DataDirectory.open(data)).close();
      }
      ServerPrograms.takeFrom(data);
    }
  }

  private static List<String> doctor(Map<String, String> environment, int exitCode) {
    CommandResult doctor = Commands.run(environment, "doctor").ended(exitCode);
    assertThat(doctor.errors()).isEmpty();
    for (String secret : List.of(Journey.ENCRYPTION_KEY, OTHER_KEY, Journey.ROOT_TOKEN)) {
      assertThat(String.join("\n", doctor.printed())).doesNotContain(secret);
    }
    return doctor.printed();
  }

  /**
   * Whether this line reports no fault. The line about the age of the prices is ignored, because it
   * depends on the day of the test.
   */
  private static boolean isFine(String line) {
    return line.startsWith("ok") || line.startsWith("warn  prices");
  }
}
