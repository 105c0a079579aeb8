package io.claviger.commands;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.journeys.Api;
import io.claviger.journeys.ClientScript;
import io.claviger.testkit.http.LocalHttp;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that need a separate process: signals, locks between processes, and the list of processes.
 */
@SharedMachines
class ClientProcessTest {
  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private Api alice = machines.journey.user(machines.node, "alice");
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path directory = Path.of("");
  private Machine machine = new Machine(directory);

  @BeforeAll
  void register() {
    machines.journey.service(alice, "alice/mine");
  }

  @BeforeEach
  void unpack() throws IOException {
    machine = new Machine(Files.createDirectory(directory.resolve("home")));
  }

  private Process start(String... arguments) throws IOException {
    return startIn(
        builder ->
            builder
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said().toFile())),
        arguments);
  }

  private Process startIn(UnaryOperator<ProcessBuilder> streams, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(ClientScript.in(directory).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = streams.apply(new ProcessBuilder(command));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(machine.environment());
    return builder.start();
  }

  private Path said() {
    return directory.resolve("said");
  }

  private int ended(Process process) throws Exception {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void a_signal_reaches_the_program_whose_end_ends_the_token() throws Exception {
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(12)));
    Path written = directory.resolve("written");
    Process run =
        start(
            "run",
            "--service",
            "mine",
            "sh",
            "-c",
            "trap 'exit 5' TERM; echo $OPENAI_API_KEY > %1$s.new; mv %1$s.new %1$s;"
                    .formatted(written)
                + " while :; do sleep 0.1; done");
    while (run.isAlive() && !Files.exists(written)) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(written).as(Files.readString(said())).exists();
    String token = machines.journey.token(Files.readString(written).strip());
    assertThat(commandLines()).isNotEmpty().noneMatch(line -> line.contains(token));
    alice.holding(token).get("/v1/me").isStatus(200);
    assertThat(run.toHandle().destroy()).isTrue();
    assertThat(ended(run)).as(Files.readString(said())).isEqualTo(5);
    alice.holding(token).get("/v1/me").isStatus(401);
  }

  /** The server does not answer any longer. */
  @Test
  void after_the_program_has_ended_a_signal_ends_the_wait_for_the_server() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (HttpClient client = HttpClient.newHttpClient();
        LocalHttp server = new LocalHttp(Thread::startVirtualThread)) {
      server.serve(
          "/",
          exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/key-resolution")) {
              asked.countDown();
              awaited(over);
            }
            forward(client, exchange);
          });
      SavedSignIn signIn = machines.withToken(alice, "alice", "manage");
      machine.signedIn(
          new SavedSignIn(
              URI.create(server.url()),
              signIn.user(),
              signIn.scope(),
              signIn.accessToken(),
              Optional.empty(),
              Optional.empty(),
              Map.of()));
      Process run = start("run", "--service", "mine", "true");
      assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      assertThat(run.toHandle().destroy()).isTrue();

      assertThat(run.waitFor(30, TimeUnit.SECONDS)).as("the signal ended it").isTrue();
      assertThat(run.exitValue()).isEqualTo(128 + 15);
      over.countDown();
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpClient client, HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(machines.node.api().resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : List.of("Authorization", "Content-Type", "Accept")) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
          .ifPresent(value -> request.header(name, value));
    }
    try {
      HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
      LocalHttp.answer(
          exchange,
          answer.statusCode(),
          answer.headers().firstValue("Content-Type").orElse(""),
          answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the arguments of all processes, as everybody on the machine can list them. */
  private static List<String> commandLines() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .toList();
  }

  /** The start script replaces a locale that is not of UTF-8, and tells the former one. */
  @Test
  void a_program_gets_the_variables_unchanged_and_the_former_locale() throws Exception {
    machine.signedIn(machines.withToken(alice, "alice", "manage"));
    machine.environment().put("LC_ALL", "C.UTF-8");
    String shown = "env | grep -a -e ^LC_ALL -e ^LATIN -e ^UTF";
    for (String former : List.of("C", "")) {
      machine.environment().put("JDK_JAVA_OPTIONS", "-Dclaviger.lc_all=" + former);
      Path written = directory.resolve("of" + former);
      Process process =
          startIn(
              builder -> {
                List<String> run = builder.command();
                return builder
                    .command(
                        "sh",
                        "-c",
                        "LATIN=$(printf 'M\\374ller') UTF=M\u00fcller exec %s run --service mine sh -c '%s'"
                            .formatted(run.getFirst(), shown))
                    .redirectOutput(written.toFile());
              });
      assertThat(ended(process))
          .as(new String(process.getErrorStream().readAllBytes(), UTF_8))
          .isZero();
      assertThat(Files.readString(written, ISO_8859_1).lines())
          .containsExactlyInAnyOrderElementsOf(
              Stream.of("LATIN=M\u00fcller", "UTF=M\u00c3\u00bcller", "LC_ALL=" + former)
                  .filter(line -> !line.equals("LC_ALL="))
                  .toList());
    }
  }

  @Tag("thorough")
  @Test
  void of_several_processes_at_once_one_refreshes_and_all_go_on() throws Exception {
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(-1)));
    List<Process> processes = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      processes.add(start("services", "-q"));
    }
    for (Process process : processes) {
      assertThat(ended(process)).as(Files.readString(said())).isZero();
    }
    assertThat(Files.readAllLines(said())).hasSize(4).containsOnly("alice/mine");
    machine.run("services").done();
  }

  @Test
  void a_command_whose_output_is_lost_fails() throws Exception {
    machine.signedIn(machines.withToken(alice, "alice", "manage"));
    Path plan =
        Files.writeString(
            directory.resolve("plan.yaml"),
            """
            name: team
            definitions: [{ref: d, provider: openai-compat, endpoint: 'https://h.example', model: m}]
            """);
    // One that would have succeeded, and one that would have found that something is to be done.
    for (List<String> command :
        List.of(List.of("services"), List.of("apply", "--plan", "-f", plan.toString()))) {
      Process process =
          startIn(
              builder ->
                  builder
                      .redirectOutput(new File("/dev/full"))
                      .redirectError(ProcessBuilder.Redirect.appendTo(said().toFile())),
              command.toArray(String[]::new));
      assertThat(ended(process)).as(command.getFirst()).isEqualTo(1);
    }
    assertThat(Files.readAllLines(said()))
        .hasSize(2)
        .allMatch(line -> line.startsWith("claviger: the output can't be written: "));
  }

  @Test
  void a_reader_that_stops_is_no_fault_in_any_language() throws Exception {
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(12)));
    machine.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "LANGUAGE", "de"));
    Process process =
        startIn(
            builder -> builder.redirectError(ProcessBuilder.Redirect.appendTo(said().toFile())),
            "services");
    process.getInputStream().close();

    assertThat(ended(process)).isZero();
    assertThat(said()).isEmptyFile();
  }

  @Test
  void a_command_loads_nothing_that_a_node_needs() throws Exception {
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(12)));
    machine.environment().put("JAVA_TOOL_OPTIONS", "-Xlog:class+load");
    assertThat(ended(start("token"))).isZero();
    try (Stream<String> loaded = Files.lines(said())) {
      assertThat(loaded.filter(line -> line.contains("source: ")))
          .anyMatch(line -> line.contains("io.claviger.client.accounts"))
          .noneMatch(
              line ->
                  line.matches(
                      ".*(org\\.springframework|io\\.netty|org\\.flywaydb|io\\.claviger\\.(?!client)).*"));
    }
  }
}
