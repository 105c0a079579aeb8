package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.bootstrap.prices.PriceList;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.host.Build;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ClavigerCommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private Finding found = Finding.ok("schema", "is current");
  private final List<TimeSpan> spans = new ArrayList<>();
  private Programs programs =
      new Programs(
          settings -> PretendedServer.at(settings.listeners().url(8080)),
          (variables, print) -> PretendedServer.at(URI.create("http://demo:1")),
          (settings, recover) ->
              new AdminTokenCommand.Renewed(
                  Confidential.of("token-of-root"),
                  recover ? Optional.of("This has ended: 1 session.") : Optional.empty()),
          (settings, user) -> Confidential.of("link-of-" + user.value()),
          new NoKeys(),
          (settings, read, dryRun) -> {
            PriceList list = read.apply(Map.of());
            return new PricesCommand.Done(
                list, new Imported(list.models().size(), 0, dryRun ? 0 : 1));
          },
          (settings, span, stream) -> spans.add(span),
          (settings, findings) -> findings.accept(found));

  @Test
  void serve_prints_the_ready_line_once_both_listeners_answer() {
    assertThat(run("serve")).isEqualTo(0);
    assertThat(out)
        .hasToString(
            "claviger is ready on http://127.0.0.1:8080, gateway on http://127.0.0.1:8081\n");
  }

  @Test
  void a_start_that_must_not_be_repeated_has_an_exit_code_of_its_own() {
    programs = refusingToServe(new StartRefused("the database can't be reached"));
    assertThat(run("serve")).isEqualTo(1);
    programs = refusingToServe(StartRefused.lasting("wrong PIN", new IllegalStateException()));
    assertThat(run("serve")).isEqualTo(5);
    assertThat(err.toString()).endsWith("claviger: wrong PIN\n");
  }

  @Test
  void a_conflict_in_the_database_is_told_in_one_line() {
    programs =
        refusingToServe(
            new RefusedException(new Refusal.Conflict("handle_taken", "root is an account")));
    assertThat(run("serve")).isEqualTo(1);
    assertThat(err).hasToString("claviger: root is an account\n");
  }

  @Test
  void no_argument_is_the_name_of_a_file_with_arguments(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("arguments"), "admin-token");
    assertThat(run("@" + file)).isEqualTo(2);
    assertThat(out.toString()).doesNotContain("token-of-root");
  }

  private Programs refusingToServe(RuntimeException why) {
    return new Programs(
        settings -> {
          throw why;
        },
        programs.demo(),
        programs.adminToken(),
        programs.signInLink(),
        programs.keys(),
        programs.importPrices(),
        programs.auditExport(),
        programs.doctor());
  }

  @ParameterizedTest
  @ValueSource(strings = {"export", "head", "verify"})
  void what_operators_do_with_the_audit_trail_takes_variables_from_a_file(String command) {
    assertThat(run("audit", command, "--env-file", "/etc/claviger/environment", "--help")).isZero();
    assertThat(out.toString()).contains("--env-file=FILE");
  }

  @Test
  void demo_prints_the_ready_line() {
    assertThat(run("demo")).isEqualTo(0);
    assertThat(out.toString()).startsWith("claviger is ready on http://demo:1, gateway on");
  }

  @Test
  void a_sign_in_link_is_printed_for_a_user_and_for_nothing_else() {
    assertThat(run("sign-in-link", "alice")).isEqualTo(0);
    assertThat(out).hasToString("link-of-alice\n");
    assertThat(run("sign-in-link", "Alice!")).isEqualTo(2);
    assertThat(err.toString()).contains("USER is a handle");
    assertThat(run("sign-in-link")).isEqualTo(2);
  }

  @Test
  void admin_token_prints_the_token_and_nothing_else() {
    assertThat(run("admin-token")).isEqualTo(0);
    assertThat(out).hasToString("token-of-root\n");
  }

  @Test
  void doctor_prints_a_line_for_each_finding_and_fails_when_one_does() {
    assertThat(run("doctor")).isEqualTo(0);
    assertThat(out).hasToString("ok    schema           is current\n");
    found = Finding.warn("clock", "is late");
    assertThat(run("doctor")).isEqualTo(0);
    found = Finding.fail("schema", "is of a newer Claviger");
    assertThat(run("doctor")).isEqualTo(1);
    assertThat(out.toString()).endsWith("FAIL  schema           is of a newer Claviger\n");
  }

  @Test
  void doctor_finds_every_fault_of_the_environment() {
    environment.put("CLAVIGER_PORT", "x");
    environment.put("CLAVIGER_ADMIN_TOKEN", "hunter2");
    assertThat(run("doctor")).isEqualTo(1);
    assertThat(out.toString())
        .contains("FAIL  environment", "CLAVIGER_PORT", "CLAVIGER_ADMIN_TOKEN")
        .doesNotContain("hunter2");
  }

  @Test
  void keys_generate_prints_a_random_key_and_reads_no_settings() {
    environment.put("CLAVIGER_PORT", "wrong");
    assertThat(run("keys", "generate")).isEqualTo(0);
    assertThat(out.toString()).matches("[A-Za-z0-9_-]{43}\n");
  }

  @Test
  void a_wrong_argument_of_keys_generate_shows_the_usage_of_keys_generate() {
    assertThat(run("keys", "generate", "--with", "hunter2")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("Usage: claviger keys generate ")
        .contains("--with is a URI that")
        .doesNotContain("hunter2");
  }

  @Test
  void version_and_help_are_done_on_standard_output() {
    assertThat(run("--version")).isEqualTo(0);
    assertThat(out).hasToString("claviger " + Build.current().version() + "\n");
    assertThat(run("--help")).isEqualTo(0);
    assertThat(out.toString()).contains("serve", "demo", "admin-token", "keys");
    assertThat(run("serve", "--help")).isEqualTo(0);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void the_build_knows_its_version() {
    assertThat(Build.current().version()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(Build.current().postgresVersion()).matches("18\\..+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "keys", "serve now", "--wrong", "unknown", "keys generate 2"})
  void wrong_usage_is_exit_code_2_with_the_usage_on_standard_error(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: claviger");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "dmeo, there is no command `dmeo`: did you mean `demo`?",
    "sevre, there is no command `sevre`: did you mean `serve`?",
    "docter, there is no command `docter`: did you mean `doctor`?",
    "unknown, there is no command `unknown`",
    "keys rotat, there is no command `rotat`: did you mean `rotate`?",
    "help keys retier, there is no command `retier`: did you mean `retire`?",
    "serve --port 90, `claviger serve` has no option --port: environment variables configure it",
    "doctor --api-key=hunter2, `claviger doctor` has no option --api-key",
    "doctor hunter2, `claviger doctor` takes no further argument",
    "--server=hunter2 status, `claviger` has no option --server: write the options of a command"
        + " after it",
    "--wrong, `claviger` has no option --wrong"
  })
  void wrong_usage_ends_with_what_is_wrong(String line, String told) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).endsWith("\nclaviger: " + told + "\n").doesNotContain("hunter2");
  }

  @Test
  void wrong_usage_of_serve_does_not_list_the_environment() {
    assertThat(run("serve", "--port", "90")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSizeLessThan(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "admin-token"})
  void every_fault_of_the_environment_is_one_line_and_exit_code_1(String command) {
    environment.put("CLAVIGER_PORT", "x");
    environment.put("CLAVIGER_ADMIN_TOKEN", "hunter2");
    assertThat(run(command)).isEqualTo(1);
    assertThat(err)
        .hasToString(
            """
            claviger: CLAVIGER_PORT must be a whole number from 0 to 65535
            claviger: CLAVIGER_ADMIN_TOKEN must have from 32 to 4096 characters
            """);
  }

  @Test
  void only_faults_of_the_log_refuse_a_demo() {
    environment.put("CLAVIGER_PORT", "99999");
    environment.put("CLAVIGER_ADMIN_TOKEN", "hunter2");
    environment.put("ENCRYPTION_KEY_FILE", "/there/is/no/such/file");
    assertThat(run("demo")).isZero();
    environment.put("CLAVIGER_LOG_LEVEL", "loud");
    assertThat(run("demo")).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("claviger: CLAVIGER_LOG_LEVEL ");
  }

  @Test
  void a_recovery_of_root_prints_the_token_and_says_what_has_ended() {
    assertThat(run("admin-token", "--recover")).isZero();
    assertThat(out.toString()).isEqualTo("token-of-root" + System.lineSeparator());
    assertThat(err.toString()).contains("This has ended: 1 session.");
  }

  @Test
  void a_refused_start_is_its_lines_and_exit_code_1() {
    programs = refusingToServe(new StartRefused(List.of("one", "two")));
    assertThat(run("serve")).isEqualTo(1);
    assertThat(err).hasToString("claviger: one\nclaviger: two\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void an_unforeseen_fault_is_exit_code_1_and_prints_no_text_of_it() {
    programs =
        new Programs(
            programs.serve(),
            programs.demo(),
            (settings, recover) -> {
              throw new IllegalStateException("hunter2");
            },
            programs.signInLink(),
            programs.keys(),
            programs.importPrices(),
            programs.auditExport(),
            programs.doctor());
    environment.put("CLAVIGER_LOG_LEVEL", "error");
    assertThat(run("admin-token")).isEqualTo(1);
    assertThat(err).hasToString("claviger: unforeseen fault, see the log above\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import",
        "import dhamps",
        "import dhamps --from hunter2",
        "import dhamps --from postgres://h/old --rename A",
        "import dhamps --from postgres://h/old --rename A=B",
        "import dhamps --from postgres://h/old --rename A=_system",
        "import litellm --from postgres://h/old",
        "import litellm --from postgres://h/old --salt-key-file k --lifetime 0",
        "import litellm --from postgres://h/old --salt-key-file k --lifetime 3651",
        "import litellm --from postgres://h/old --salt-key-file k --usage-since yesterday"
      })
  void an_import_with_wrong_arguments_is_wrong_usage(String line) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: claviger import").doesNotContain("hunter2");
  }

  @Test
  void an_export_is_of_all_times_or_of_those_given() {
    assertThat(run("audit", "export")).isEqualTo(0);
    assertThat(
            run(
                "audit",
                "export",
                "--since",
                "2026-01-01T00:00:00Z",
                "--until",
                "2026-02-01T00:00:00+01:00"))
        .isEqualTo(0);

    assertThat(spans)
        .containsExactly(
            TimeSpan.ALWAYS,
            new TimeSpan(
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                Optional.of(Instant.parse("2026-01-31T23:00:00Z"))));
  }

  @Test
  void a_span_that_can_not_be_is_wrong_usage() {
    assertThat(run("audit", "export", "--since", "yesterday")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--since has to be a time as in RFC 3339", "Usage: claviger audit export");
    assertThat(
            run(
                "audit",
                "export",
                "--since",
                "2026-01-02T00:00:00Z",
                "--until",
                "2026-01-01T00:00:00Z"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--until has to be a time that is not before since");
    assertThat(spans).isEmpty();
  }

  private int run(String... arguments) {
    CommandLine line =
        ClavigerCommandLine.of(
            programs, GivenVariables.of(environment), PretendedServer.AT_ONCE, arguments);
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }
}
