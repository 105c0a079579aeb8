package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bash completes, with a program that prints names as the real one does. */
class CompletionTest {
  private static final String PROGRAM =
      """
      #!/bin/sh
      case "$1 $2" in
        'complete services') printf 'alice/my-openai\\nalice/other\\nbob/chat\\n' ;;
        'complete models') printf 'fast\\ngpt-5\\n' ;;
        'complete definitions') printf '_system/openai-large\\n' ;;
        'complete groups') printf '@research\\n@staff\\n' ;;
        'complete holders') printf '@research\\n@staff\\nbob\\n' ;;
        'complete people') printf 'bob\\ncarol\\n' ;;
        'complete projects') printf 'alice/corpus\\n' ;;
        *) echo 'claviger: nobody is signed in' >&2; exit 1 ;;
      esac
      """;

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "lend al, alice/my-openai alice/other",
    "lend alice/o, alice/other",
    "lend my-openai --to @re, @research",
    "lend my-openai --to b, bob",
    "why my-openai --as ca, carol",
    "usage --project al, alice/corpus",
    "show b, bob/chat",
    "run --model g, gpt-5",
    "run --service bob, bob/chat",
    "register mine --from _s, _system/openai-large",
    "connect cod, codex",
    "lend my-openai --bud, --budget",
    "len, lend"
  })
  void names_are_completed(String typed, String completed) throws Exception {
    assertThat(complete(typed)).containsExactly(completed.split(" "));
  }

  @Test
  void without_a_sign_in_nothing_is_completed_and_nothing_printed() throws Exception {
    Files.writeString(directory.resolve("claviger"), "#!/bin/sh\nexit 1\n");
    assertThat(complete("lend al")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "len, lend",
    "lend al, alice/my-openai alice/other",
    "lend my-openai --to @re, @research",
    "why my-openai --as ca, carol",
    "usage --project al, alice/corpus",
    "run --model g, gpt-5",
    "connect cod, codex",
    "keys ro, rotate",
    "token li, list",
    "lend my-openai --bud, --budget"
  })
  void names_are_completed_in_fish(String typed, String completed) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "fish"))),
        "fish is not installed");
    Path program = Files.writeString(directory.resolve("claviger"), PROGRAM);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path script =
        Files.writeString(directory.resolve("script"), HelpTest.printed("completion", "fish"));
    ProcessBuilder fish =
        new ProcessBuilder(
                "fish", "-c", "source %s; complete -C 'claviger %s'".formatted(script, typed))
            .redirectErrorStream(true);
    fish.environment().put("PATH", directory + ":" + System.getenv("PATH"));
    fish.environment().put("HOME", directory.toString());
    Process started = fish.start();
    String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.lines().map(line -> line.replaceFirst("\t.*", "")))
        .containsExactly(completed.split(" "));
  }

  private List<String> complete(String typed) throws IOException, InterruptedException {
    Path program = directory.resolve("claviger");
    if (!Files.exists(program)) {
      Files.writeString(program, PROGRAM);
    }
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path script = Files.writeString(directory.resolve("script"), HelpTest.printed("completion"));
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                compopt() { :; }; source "$1"; COMP_LINE="$2 $3"; COMP_WORDS=("$2" $3); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _complete_claviger; printf '%s\\n' "${COMPREPLY[@]}"
                """,
                "bash",
                script.toString(),
                program.toString(),
                typed)
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.lines().filter(line -> !line.isBlank()).toList();
  }
}
