package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.claviger.browser.Chromium;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.Build;
import io.claviger.host.DataDirectory;
import io.claviger.persistence.Schema;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TestResponse;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, as its README says. */
@Tag("thorough")
class ProgramJourneyTest {
  private static final String KEY = "sk-canary/of-the-program+3f9d51c7e2";
  private static final String ENCRYPTION_KEY = "canary/encryption+key-of-the-program-7d1f";
  private static final String COMMAND = "(curl|claviger|printf|sleep) .*";

  /** The cost of a call in the demo: two tokens at thirteen cents per million tokens. */
  private static final String COST = "0.00000026";

  private static final String SERVICE = "/v1/llm-services/alice/mine";

  @TempDir private Path directory = Path.of("");

  @Test
  void what_a_first_start_made_and_users_stored_outlives_kill_9() throws Exception {
    Path data = directory.resolve("data");
    try (StubProvider provider = StubProvider.start()) {
      Map<String, String> environment = new HashMap<>();
      environment.put("CLAVIGER_DATA_DIR", data.toString());
      environment.put("CLAVIGER_PORT", "0");
      environment.put("CLAVIGER_GATEWAY_PORT", "0");
      environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + provider.port());
      ServerPrograms.lendTo(data);
      String alice;
      String errors;
      try (Program first = Program.start(directory, environment, "serve")) {
        Program.Ready ready = first.ready();
        assertThat(mode(data.resolve("encryption-key"))).isEqualTo("rw-------");
        assertThat(mode(data.resolve("admin-token"))).isEqualTo("rw-------");
        assertThat(secret(data, "address")).isEqualTo(ready.api().toString());
        assertThat(mode(data.resolve("sign-in-link"))).isEqualTo("rw-------");
        assertSignsRootInOnce(ready, secret(data, "sign-in-link"));
        alice = registered(ready, provider, secret(data, "admin-token"));
        ready.caller(alice).embed("alice/mine").isStatus(200);
        first.kill();
        errors = first.errors();
      }
      String link = secret(data, "sign-in-link");
      assertThat(errors)
          .contains("encryption-key", "admin-token")
          .doesNotContain(secret(data, "encryption-key"), secret(data, "admin-token"), alice, link);

      try (Program again = Program.start(directory, environment, "serve")) {
        Program.Ready ready = again.ready();
        ready.caller(alice).embed("alice/mine").isStatus(200);
        assertThat(ready.caller(alice).get(SERVICE).text("/description")).isEqualTo("kept");
        assertThat(secret(data, "sign-in-link")).isEqualTo(link);
        assertEachAdminTokenEndsTheOneBefore(environment, ready);
        Map<String, String> elsewhere =
            Map.of("CLAVIGER_DATA_DIR", data.toString(), "CLAVIGER_PORT", "1");
        assertThat(only(run(elsewhere, "sign-in-link", "alice").ended(0).printed()))
            .startsWith(ready.api() + "/console/sign-in/link/");
        again.terminate();
        again.ended(0);
        assertThat(again.errors()).doesNotContain("\tat ", KEY);
      }
      assertThat(provider.requests())
          .hasSize(2)
          .allMatch(r -> r.headers("Authorization").equals(List.of("Bearer " + KEY)));
    } finally {
      stopWhatIsLeft(data);
      ServerPrograms.takeFrom(data);
    }
  }

  /** Uses a one-time link, as a browser does. */
  private static void assertSignsRootInOnce(Program.Ready ready, String link) {
    assertThat(link).startsWith(ready.api() + "/console/sign-in/link/");
    String path = URI.create(link).getPath();
    FormBrowser browser = FormBrowser.of(ready.api());
    TestResponse shown = browser.open(path).isStatus(200);
    assertThat(shown.body()).contains("Sign in as root");
    assertThat(browser.follow(browser.submit(shown, path, Map.of())).isStatus(200).body())
        .contains("<bdi>root</bdi>");
    FormBrowser.of(ready.api()).open(path).isStatus(404);
  }

  /**
   * Opens the printed link in Chromium, if Chromium is installed; otherwise checks it without a
   * browser.
   */
  private static void assertOpensInChromium(Program.Ready ready, String link) {
    Optional<Chromium> found = Chromium.start();
    if (found.isEmpty()) {
      assertSignsRootInOnce(ready, link);
      return;
    }
    try (Chromium chromium = found.get();
        BrowserContext browser = chromium.person()) {
      Page page = browser.newPage();
      assertThat(page.navigate(link).status()).isEqualTo(200);
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in as root"))
          .click();
      page.waitForURL(ready.api() + "/console");
      assertThat(page.locator("header").innerText()).contains("root");
      assertThat(page.navigate(link).status()).isEqualTo(404);
    }
  }

  /** Creates Alice with a service, and returns her token. */
  private static String registered(Program.Ready ready, StubProvider provider, String adminToken) {
    String alice =
        ready
            .caller(adminToken)
            .post("/v1/users", Map.of("handle", "alice"))
            .isStatus(201)
            .text("/access_token");
    ready
        .caller(alice)
        .put(
            SERVICE,
            Map.of(
                "definition",
                "_system/openai-small",
                "endpoint",
                provider.baseUrl() + "/v1",
                "api_key",
                KEY,
                "description",
                "kept"))
        .isStatus(201);
    return alice;
  }

  private void assertEachAdminTokenEndsTheOneBefore(
      Map<String, String> environment, Program.Ready ready) throws InterruptedException {
    String before = only(run(environment, "admin-token").ended(0).printed());
    ready.caller(before).get("/v1/users").isStatus(200);
    String after = only(run(environment, "admin-token").ended(0).printed());
    ready.caller(after).get("/v1/users").isStatus(200);
    ready.caller(before).get("/v1/users").isStatus(401);
  }

  @Test
  void a_port_in_use_is_one_line_and_exit_code_1() throws Exception {
    try (TestDatabase database =
            PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Program refused =
          run(
                  Map.of(
                      "DATABASE_URL",
                      database.jdbcUrl(),
                      "ENCRYPTION_KEY",
                      ENCRYPTION_KEY,
                      "CLAVIGER_PORT",
                      port,
                      "CLAVIGER_GATEWAY_PORT",
                      "0"),
                  "serve")
              .ended(1);
      assertThat(only(refused.errors().lines().toList())).contains(port, "CLAVIGER_PORT");
      assertThat(refused.printed()).isEmpty();
    }
  }

  @Test
  void a_database_out_of_reach_is_one_line_without_the_password() throws Exception {
    int closed = LocalHttp.freePort();
    Program refused =
        run(
                Map.of(
                    "DATABASE_URL",
                    "postgres://claviger:pass-canary@127.0.0.1:" + closed + "/x",
                    "ENCRYPTION_KEY",
                    ENCRYPTION_KEY),
                "serve")
            .ended(1, Duration.ofSeconds(10));
    assertThat(only(refused.errors().lines().toList()))
        .startsWith("claviger: ")
        .contains("127.0.0.1:" + closed)
        .doesNotContain("pass-canary", ENCRYPTION_KEY);
  }

  @Test
  void a_database_url_that_is_none_is_one_line_without_the_password() throws Exception {
    Program refused =
        run(
                Map.of(
                    "DATABASE_URL",
                    "mysql://claviger:pass-canary@127.0.0.1/x",
                    "ENCRYPTION_KEY",
                    ENCRYPTION_KEY),
                "serve")
            .ended(1, Duration.ofSeconds(10));
    assertThat(only(refused.errors().lines().toList()))
        .contains("DATABASE_URL")
        .doesNotContain("pass-canary", ENCRYPTION_KEY);
  }

  @Test
  void commands_that_need_no_server_answer_at_once() throws Exception {
    assertThat(only(run(Map.of(), "keys", "generate").ended(0).printed())).hasSizeGreaterThan(40);
    assertThat(only(run(Map.of(), "--version").ended(0).printed()))
        .isEqualTo("claviger " + Build.current().version());
    assertThat(String.join("\n", run(Map.of(), "--help").ended(0).printed()))
        .contains("serve", "demo", "admin-token", "keys");
    assertThat(run(Map.of(), "sreve").ended(2).errors()).contains("sreve").doesNotContain("\tat ");
  }

  @Test
  void the_lines_that_the_demo_prints_work_as_printed() throws Exception {
    assumeTrue(isInstalled("curl"), "curl is not installed");
    try (Program demo = Program.start(directory, Map.of(), "demo")) {
      Program.Ready ready = demo.ready();
      List<String> exports =
          demo.printed().stream().filter(l -> l.matches("export .*|claviger\\(\\) .*")).toList();
      List<String> calls = calls(demo.printed());
      assertThat(exports).hasSize(7);
      assertThat(calls).hasSize(16);
      assertOpensInChromium(ready, signInLink(demo.printed()));

      assertThat(shell(exports, calls.get(0))).contains("as alice");
      assertThat(shell(exports, calls.get(1))).contains("bob may use", "2 usd a day");
      assertThat(shell(exports, calls.get(2))).contains("as bob");
      assertThat(shell(exports, calls.get(3))).contains("\"embedding\"");
      String figures = calls.get(4);
      Duration unusedAge =
          Eventually.holds(Duration.ofSeconds(30), () -> says(exports, figures, COST));
      assertThat(shell(exports, calls.get(5))).contains("1.99999974");
      calls = calls.subList(6, calls.size());

      assertThat(shell(exports, calls.get(0))).contains("alice/my-openai", "\"has_api_key\":true");
      assertThat(shell(exports, calls.get(1))).contains("\"embedding\"").hasSizeLessThan(1_000);
      assertThat(shell(exports, calls.get(2))).contains("\"cost\":\"0.00000052\"");
      assertThat(shell(exports, calls.get(3)))
          .contains("\"unit\":\"usd\"", "\"settled\":\"0.00000052\"");
      assertThat(shell(exports, chatOfTheSdk(demo.printed()))).contains("\"choices\"");
      calls = calls.subList(1, calls.size());
      assertThat(shell(exports, calls.get(3)))
          .contains("\"embedding\"", "X-Claviger-Service: alice/corpus")
          .hasSizeLessThan(1_000)
          .doesNotContain("my-openai");
      assertThat(shell(exports, calls.get(4))).contains("\"status\":\"ok\"");
      assertThat(shell(exports, calls.get(5))).contains("user_api_key_required");
      assertThat(shell(exports, calls.get(6))).isEmpty();
      assertThat(shell(exports, calls.get(7))).contains("not_found");
      String usage = calls.get(8); // it is stored twice a second
      Duration unused =
          Eventually.holds(Duration.ofSeconds(10), () -> says(exports, usage, "\"user\":\"bob\""));
      assertThat(demo.errors()).doesNotContain("keep a copy");
      assertThat(String.join("\n", demo.printed())).doesNotContain("sk-demo");
      demo.terminate();
      demo.ended(0);
    } finally {
      for (Path left : demoData()) {
        stopWhatIsLeft(left);
      }
    }
    assertThat(demoData()).isEmpty();
  }

  /** The call that the printed program makes with OpenAI's SDK, which need not be installed. */
  private static String chatOfTheSdk(List<String> printed) {
    String model =
        only(
            printed.stream()
                .filter(line -> line.contains("model=\""))
                .map(line -> line.split("\"")[1])
                .toList());
    return """
    curl -s $GATEWAY/services/alice/my-openai/chat/completions -H "Authorization: Bearer $BOB" \
      -H 'Content-Type: application/json' \
      -d '{"model": "%s", "messages": [{"role": "user", "content": "Hello"}]}'
    """
        .formatted(model);
  }

  private static String signInLink(List<String> printed) {
    String sentence = "Sign in as root with a browser, once and within a minute: ";
    return only(
        printed.stream()
            .filter(line -> line.startsWith(sentence))
            .map(line -> line.substring(sentence.length()))
            .toList());
  }

  private static boolean says(List<String> exports, String call, String text) {
    try {
      return shell(exports, call).contains(text);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The commands and the calls by curl, each with the lines that go on from it. */
  private static List<String> calls(List<String> printed) {
    List<String> calls = new ArrayList<>();
    boolean goesOn = false;
    for (String line : printed) {
      if (goesOn) {
        calls.add(calls.remove(calls.size() - 1) + "\n" + line);
      } else if (line.matches(COMMAND)) {
        calls.add(line);
      }
      goesOn = (goesOn || line.matches(COMMAND)) && line.endsWith("\\");
    }
    return calls;
  }

  private static String shell(List<String> exports, String call)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", String.join("\n", exports) + "\n" + call)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    String path = System.getenv("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    Process shell = builder.start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).as(call).isZero();
    return said;
  }

  private static boolean isInstalled(String program) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
  }

  private List<Path> demoData() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("claviger-demo-"))
          .toList();
    }
  }

  private Program run(Map<String, String> environment, String... arguments) {
    return Program.start(directory, environment, arguments);
  }

  private static String only(List<String> lines) {
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static String secret(Path data, String file) throws IOException {
    return Files.readString(data.resolve(file)).strip();
  }

  /**
   * A database server whose program was killed is an orphan: taken over, and stopped on leaving.
   */
  private static void stopWhatIsLeft(Path data) {
    if (Files.isDirectory(data) && EmbeddedDatabase.existsIn(DataDirectory.open(data))) {
      EmbeddedDatabase.toJoin(DataDirectory.open(data)).close();
    }
  }
}
