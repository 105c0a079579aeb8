package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.audit.port.AuditPushStore;
import io.claviger.bootstrap.Main;
import io.claviger.client.ClientProgram;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.formats.GeminiApi;
import io.claviger.domain.formats.OpenAiApi;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.ServiceClaims;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes of somebody whose language has other digits than English, such as Arabic. The locale of
 * this process stays as it is, because other tests run beside these.
 */
class LocaleTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();

  @TempDir private Path directory = Path.of("");

  @Test
  void a_node_writes_numbers_as_in_english() throws IOException {
    assertThat(printed(Main.class, Map.of("CLAVIGER_MAX_CONNECTIONS", "many"), "serve"))
        .containsPattern("CLAVIGER_MAX_CONNECTIONS must be a whole number from [0-9]+ to [0-9]+");
  }

  @ParameterizedTest
  @ValueSource(classes = {Main.class, ClientProgram.class})
  void commands_for_people_write_numbers_as_in_english(Class<?> program) throws IOException {
    new SavedSignIns(directory.resolve("claviger"))
        .add(
            "there",
            new SavedSignIn(
                URI.create("http://127.0.0.1:1"),
                "alice",
                "manage",
                "clv_none",
                Optional.empty(),
                Optional.empty(),
                Map.of()));
    Path file =
        Files.writeString(directory.resolve("lab.yaml"), "projects:\n  - ref: x\n  - ref: x\n");

    assertThat(
            printed(
                program,
                Map.of("XDG_CONFIG_HOME", directory.toString()),
                "apply",
                "-f",
                file.toString()))
        .contains("in line 2 too");
  }

  /** The driver tells the database the time zone of the process, and the database refuses it. */
  @Test
  void a_time_zone_that_the_database_does_not_know_is_no_obstacle() throws IOException {
    Map<String, String> environment =
        Map.of(
            "TZ",
            "IST",
            "DATABASE_URL",
            database.jdbcUrl(),
            "ENCRYPTION_KEY",
            "a-key-of-somebody-in-another-time-zone");

    assertThat(printed(Main.class, environment, "doctor")).contains("ok    database ");
  }

  /** Programs into which Claviger is embedded keep their locale. */
  @Test
  void what_other_programs_read_does_not_depend_on_the_locale() throws IOException {
    assertThat(printed(Texts.class, Map.of()).lines()).containsExactlyElementsOf(Texts.all());
    assertThat(Texts.all()).anyMatch(text -> text.contains("retryDelay\":\"34s\""));
  }

  private String printed(Class<?> program, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Texts that are signed, or that other programs read. */
  static final class Texts {
    private Texts() {}

    public static void main(String[] arguments) {
      all().forEach(System.out::println);
    }

    static List<String> all() {
      Instant time = Instant.ofEpochSecond(1_795_000_000);
      ServiceClaims claims =
          new ServiceClaims(
              new Issuer("https://claviger.example.org"),
              "service:1",
              Instance.Ref.of("alice/my-openai"),
              "https://provider.example",
              time,
              new UUID(0, 7));
      return List.of(
          inOneLine(ChainHead.signed(12, "hash", time)),
          inOneLine(new AuditPushStore.Cursor(12, "hash", 34).signed()),
          claims.signingInput("kid", "JWT"),
          new GeminiApi().errorBodyWithWait(429, "rate_limited", "Wait.", 34),
          new OpenAiApi()
              .errorMessage(429, "rate_limited", "Wait.", Optional.empty())
              .orElseThrow(),
          new OpenAiApi().listedModel("m", "m", "alice", time));
    }

    private static String inOneLine(byte[] text) {
      return new String(text, StandardCharsets.US_ASCII).replace("\n", "|");
    }
  }
}
