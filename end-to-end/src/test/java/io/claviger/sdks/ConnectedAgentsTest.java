package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.ClientProgram;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.journeys.ClientScript;
import io.claviger.sdks.AgentPrograms.Run;
import io.claviger.sdks.NpmPackages.Missing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Coding agents that {@code claviger connect} has set up, and nobody else. */
@Order(3)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("thorough")
class ConnectedAgentsTest {
  @AutoClose private final ClientServices services = new ClientServices();

  @TempDir private Path directory = Path.of("");

  /** Agents that take an access token from their environment alone are started by this program. */
  @ParameterizedTest
  @CsvSource({
    "CLAUDE_CODE, claude-code,",
    "CLAUDE_CODE_BEDROCK, claude-code-bedrock, bedrock",
    "CLAUDE_CODE_VERTEX, claude-code-vertex,",
    "CODEX, codex,",
    "GEMINI_CLI, gemini, gemini",
    "OPENCODE, opencode, openai"
  })
  void it_edits_a_file_when_the_model_calls_its_tool(
      Agent agent, String name, @Nullable String format) throws Exception {
    services.add(agent.handle(), agent.standard());
    String model = services.model(agent.handle());
    ClientSettings settings = connected(name, model);
    Run run = edited(starter(format, model), agent, settings);
    assertThat(run.file().strip()).as("%s", run).isEqualTo("after");
    assertThat(run.ended().well()).as("%s", run).isTrue();
    assertThat(services.counted(agent.handle()).requests()).isPositive();
  }

  /** Skips the test where this machine can't run the agent. */
  private Run edited(List<String> starter, Agent agent, ClientSettings settings)
      throws IOException, InterruptedException {
    try {
      return AgentPrograms.installed().edit(starter, agent, settings, empty("run"));
    } catch (Missing e) {
      return Assumptions.abort(agent + " is not tested: " + e.getMessage());
    }
  }

  private Path empty(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  private List<String> starter(@Nullable String format, String model) {
    return format == null
        ? List.of()
        : List.of(program().toString(), "run", "--format", format, "--model", model, "--");
  }

  /** What `connect` writes into a home directory, with the sign-in that is kept there. */
  private ClientSettings connected(String client, String model) throws IOException {
    Path home = empty("connected");
    new SavedSignIns(home.resolve(".config").resolve("claviger"))
        .add(
            "here",
            new SavedSignIn(
                services.api(),
                "alice",
                "manage",
                services.token(),
                Optional.empty(),
                Optional.empty(),
                Map.of()));
    System.setProperty("claviger.program", program().toString());
    connect(home, client, model);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> written = Files.walk(home)) {
      for (Path file : written.filter(Files::isRegularFile).toList()) {
        files.put(home.relativize(file).toString(), Files.readString(file));
      }
    }
    return new ClientSettings(Map.of(), files);
  }

  private static void connect(Path home, String client, String model) {
    StringWriter said = new StringWriter();
    CommandLine line =
        ClientProgram.of("connect", ClientProgram.contextOf(Map.of("HOME", home.toString())));
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    assertThat(line.execute("connect", client, "--model", model, "--yes")).as("%s", said).isZero();
  }

  private Path program() {
    return ClientScript.in(directory);
  }
}
