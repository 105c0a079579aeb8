package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.Main;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.DataDirectory;
import io.claviger.testkit.OtherJvm;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program or its database server is killed. */
@Order(1)
@Tag("journey")
@Timeout(180)
class KilledProcessesTest {
  @TempDir private Path directory = Path.of("");

  @Tag("thorough")
  @Test
  void serve_ends_if_its_database_server_was_killed_and_can_be_started_again() throws Exception {
    Path data = directory.resolve("data");
    SharedServerPrograms.lendTo(
        data, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    try (OtherJvm program = started("serve", Map.of("CLAVIGER_DRAIN_SECONDS", "3600"))) {
      boolean unused = server().destroyForcibly();
      assertThat(program.exitCode()).isOne();
    }
    try (OtherJvm program = started("serve", Map.of())) {
      program.terminate();
      assertThat(program.exitCode()).isZero();
    }
    SharedServerPrograms.takeFrom(data);
  }

  @Tag("thorough")
  @Test
  void a_killed_demo_leaves_no_database_server_and_no_files() throws Exception {
    List<ProcessHandle> others = new ArrayList<>();
    try (OtherJvm program = started("demo", Map.of())) {
      others.add(server());
      program.children().forEach(others::add);
      program.kill();
    }
    for (ProcessHandle each : others) {
      ProcessHandle unused = each.onExit().get(60, TimeUnit.SECONDS);
    }
    assertThat(named("claviger-demo-")).isEmpty();
  }

  private OtherJvm started(String command, Map<String, String> variables) throws IOException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(variables);
    environment.put("CLAVIGER_DATA_DIR", directory.resolve("data").toString());
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    OtherJvm program = new OtherJvm(directory, environment, Main.class, command);
    String line = program.line();
    while (!line.startsWith("claviger is ready")) {
      line = program.line();
    }
    return program;
  }

  private ProcessHandle server() throws IOException {
    Path file = named("postmaster.pid").getFirst();
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst())).orElseThrow();
  }

  private List<Path> named(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> String.valueOf(f.getFileName()).startsWith(prefix)).toList();
    }
  }
}
