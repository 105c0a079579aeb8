package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.ClientCommands;
import io.claviger.testkit.OtherJvm;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the start script with a simulated Maven. */
class StartScriptTest {
  private static final String BUILDS =
      """
      #!/bin/sh
      echo '[INFO] Scanning for projects...'
      echo '[INFO] Reactor Build Order:'
      echo '[INFO] Building Claviger: the rules 0.1.0                         [2/12]'
      echo '[INFO]   from domain/pom.xml'
      echo '[INFO] Building Claviger: settings, wiring, command line 0.1.0  [12/12]'
      mkdir -p bootstrap/target/claviger/lib
      """;
  private static final String FAILS =
      """
      #!/bin/sh
      echo '[INFO] Building Claviger: the rules 0.1.0                         [2/12]'
      echo '[ERROR] something is odd'
      exit 1
      """;

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void copy_the_script() throws IOException {
    Files.createDirectories(directory.resolve("bootstrap"));
    Files.createDirectories(directory.resolve("bin"));
    Files.writeString(directory.resolve("pom.xml"), "");
    Path script = directory.resolve("claviger");
    Files.copy(Path.of("..", "claviger"), script);
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../claviger", "../distribution/src/files/bin/claviger"})
  void it_knows_which_commands_are_of_the_client(Path script) throws Exception {
    String text = Files.readString(script);
    int begin = text.indexOf("is_of_client()");
    String function = text.substring(begin, text.indexOf("\n}\n", begin) + 3);
    List<String> asked = new ArrayList<>(ClientCommands.names());
    asked.addAll(
        List.of(
            "serve", "keys", "doctor", "help", "audit export", "audit head", "audit verify", "''"));
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                function
                    + asked.stream()
                        .map(words -> "\nis_of_client %s && echo %s".formatted(words, words))
                        .collect(Collectors.joining()))
            .start();
    assertThat(shell.inputReader().lines()).containsExactlyElementsOf(ClientCommands.names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../claviger", "../distribution/src/files/bin/claviger"})
  void the_heap_is_a_number_with_a_unit(Path script) throws Exception {
    String text = Files.readString(script);
    int begin = text.indexOf("heap=");
    String check = text.substring(begin, text.indexOf("\nfi\n", begin) + 4);
    for (String given : List.of("", "128m", "768m", "1g", "12g")) {
      assertThat(heap(check, given)).isEqualTo(given.isEmpty() ? "512m" : given);
    }
    for (String wrong :
        List.of("127m", "0g", "m", "1", "2G", "1g -Dx=y", "1xg", "1$(id)g", "-1g")) {
      assertThat(heap(check, wrong)).as(wrong).startsWith("claviger: CLAVIGER_HEAP must be");
    }
    assertThat(text).contains("-Xmx$heap").doesNotContain("-Xmn32m -Xmx");
  }

  /** A supervisor keeps a server's standard error, and nobody might read its standard output. */
  @ParameterizedTest
  @ValueSource(strings = {"../claviger", "../distribution/src/files/bin/claviger"})
  void a_server_without_memory_says_so_in_its_log(Path script) throws Exception {
    Matcher options =
        Pattern.compile("options='([^']*ExitOnOutOfMemoryError[^']*)'")
            .matcher(Files.readString(script));
    assertThat(options.find()).isTrue();
    List<String> all = new ArrayList<>(List.of(options.group(1).split(" ")));
    all.addAll(
        List.of(
            "-Xlog:disable",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Hoarder.class.getName()));
    Process server = OtherJvm.command(System.getenv(), all).start();
    assertThat(server.errorReader().lines())
        .contains("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    assertThat(server.inputReader().lines()).isEmpty();
    assertThat(server.waitFor()).isEqualTo(3);
  }

  /** A program that keeps everything. */
  static final class Hoarder {
    private Hoarder() {}

    public static void main(String[] arguments) {
      List<byte[]> kept = new ArrayList<>();
      while (true) {
        kept.add(new byte[1 << 20]);
      }
    }
  }

  private static String heap(String check, String given) throws IOException {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-eu", "-c", check + "printf %s \"$heap\"")
            .redirectErrorStream(true);
    shell.environment().put("CLAVIGER_HEAP", given);
    return new String(shell.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /**
   * If the script set a variable, a file of variables could not set the time, because the
   * environment has priority.
   */
  @Test
  void the_time_for_warm_up_is_a_default_and_no_variable() throws Exception {
    Path script = directory.resolve("bin/claviger");
    Files.copy(Path.of("..", "distribution", "src", "files", "bin", "claviger"), script);
    Path java = Files.createDirectories(directory.resolve("runtime/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nenv | grep WARM_UP\nfor each; do echo \"$each\"; done\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    assertThat(printed(script, "serve"))
        .contains("-Dclaviger.warm_up_seconds=3")
        .noneMatch(line -> line.startsWith("CLAVIGER_WARM_UP_SECONDS="));
    assertThat(printed(script, "demo")).noneMatch(line -> line.contains("warm_up"));
  }

  private static List<String> printed(Path script, String command) throws IOException {
    ProcessBuilder shell = new ProcessBuilder("sh", script.toString(), command);
    String unused = shell.environment().remove("CLAVIGER_WARM_UP_SECONDS");
    return new String(shell.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  /** This happens in cron jobs, or if the locale is not installed on the machine. */
  @ParameterizedTest
  @ValueSource(strings = {"../claviger", "../distribution/src/files/bin/claviger"})
  void java_gets_a_locale_of_utf8_if_there_is_none(Path script) throws Exception {
    String text = Files.readString(script);
    int begin = text.indexOf("locale=\n");
    assertThat(begin).as("a part about the locale").isPositive();
    String part = text.substring(begin, text.indexOf("\nfi\n", begin) + 4);

    assertThat(locale(part, Map.of())).isEqualTo("-Dclaviger.lc_all= C.UTF-8");
    assertThat(locale(part, Map.of("LC_ALL", "C"))).isEqualTo("-Dclaviger.lc_all=C C.UTF-8");
    assertThat(locale(part, Map.of("LANG", "xx_XX.UTF-8"))).isEqualTo("-Dclaviger.lc_all= C.UTF-8");
    assertThat(locale(part, Map.of("LANG", "C.UTF-8"))).isEqualTo(" unset");
    assertThat(locale(part, Map.of("LC_ALL", "C.UTF-8"))).isEqualTo(" C.UTF-8");
    assertThat(text).contains("if [ -n \"$locale\" ]; then set -- \"$locale\" \"$@\"; fi");
  }

  private static String locale(String part, Map<String, String> variables) throws IOException {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-eu", "-c", part + "echo \"$locale ${LC_ALL-unset}\"")
            .redirectErrorStream(true);
    shell
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
    shell.environment().putAll(variables);
    return new String(shell.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .stripTrailing();
  }

  @Test
  void a_build_shows_each_module_that_it_builds() throws Exception {
    assertThat(run(BUILDS))
        .contains(
            """
            claviger: building Claviger: the rules, module 2 of 12
            claviger: building Claviger: settings, wiring, command line, module 12 of 12
            claviger: starting once\
            """)
        .doesNotContain("[INFO]", "\033[");
  }

  @Test
  void a_build_that_fails_shows_its_errors() throws Exception {
    assertThat(run(FAILS))
        .contains("module 2 of 12\n[ERROR] something is odd\nclaviger: the build failed\n")
        .doesNotContain("[INFO]", "starting once");
  }

  /** The input can be the access token of {@code claviger login --token-stdin}, for example. */
  @Test
  void a_build_leaves_standard_input_to_the_command() throws Exception {
    String unused = run(FAILS.replace("exit 1", "cat >eaten; exit 1"));

    assertThat(directory.resolve("eaten")).isEmptyFile();
  }

  /** Returns what the script says on standard error. */
  private String run(String maven) throws IOException, InterruptedException {
    Path mvn = Files.writeString(directory.resolve("bin").resolve("mvn"), maven);
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(directory.resolve("claviger").toString(), "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "PATH",
                directory.resolve("bin") + ":" + System.getenv("PATH")));
    Process process = builder.start();
    try (Writer in = process.outputWriter()) {
      in.write("clv_from-standard-input");
    }
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
