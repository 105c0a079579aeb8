package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.Variable;
import io.claviger.host.Build;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class HelpTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void the_help_of_serve_has_a_line_for_each_variable() {
    assertThat(run("serve", "--help")).isEqualTo(0);
    List<String> lines = out.toString().lines().map(String::strip).toList();
    assertThat(Variable.ALL)
        .isNotEmpty()
        .allSatisfy(
            variable ->
                assertThat(lines)
                    .filteredOn(line -> line.startsWith(variable.name() + "  "))
                    .singleElement()
                    .asString()
                    .endsWith(variable.meaning() + " (" + variable.standard() + ")"));
  }

  @ParameterizedTest
  @CsvSource({
    "help, --help",
    "help serve, serve --help",
    "help keys rotate, keys rotate --help",
    "version, --version"
  })
  void help_and_version_may_be_written_as_words(String words, String option) {
    assertThat(run(words.split(" "))).isEqualTo(0);
    String asWords = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run(option.split(" "))).isEqualTo(0);
    assertThat(asWords).isEqualTo(out.toString()).isNotBlank();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void the_version_is_that_of_the_build() {
    assertThat(run("version")).isEqualTo(0);
    assertThat(out).hasToString("claviger " + Build.current().version() + "\n");
  }

  @Test
  void a_command_that_is_made_alone_has_the_help_that_it_has_among_the_others() {
    Map<String, CommandLine> all = line().getSubcommands();
    assertThat(all).containsKeys("serve", "keys", "audit", "help");
    all.forEach(
        (name, command) -> {
          CommandLine alone = line(name);
          assertThat(alone.getSubcommands())
              .containsKey(name)
              .hasSize(Set.of("help", "completion").contains(name) ? all.size() : 1);
          assertThat(helpOf(alone.getSubcommands().get(name))).isEqualTo(helpOf(command));
        });
  }

  private static List<String> helpOf(CommandLine command) {
    List<String> helps = new ArrayList<>(List.of(command.getUsageMessage()));
    command.getSubcommands().values().forEach(each -> helps.addAll(helpOf(each)));
    return helps;
  }

  @Test
  void help_shows_every_command_once_under_a_heading() {
    String help = line().getUsageMessage();
    assertThat(help)
        .contains(
            "\nOperating a server:\n", "\nRegistering and lending:\n", "\nAbout this program:\n");
    line()
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(help.lines().filter(text -> text.startsWith("  " + name + " ")))
                    .as(name)
                    .hasSize(command.getCommandSpec().usageMessage().hidden() ? 0 : 1));
    assertThat(help).as("only shells run `complete`").doesNotContain("For shells");
  }

  @Test
  void no_command_shows_the_groups_and_three_examples_and_is_wrong_usage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("\nOperating a server:\n", "\nCalling models:\n");
    assertThat(err.toString().split("\nExamples:\n")[1].lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("  claviger "));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void the_help_of_every_command_ends_with_examples_that_can_be_pasted() {
    line()
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(command.getUsageMessage())
                    .as(name)
                    .matches(
                        "(?s).*\nExamples:\n(  claviger %s[^\n]*\n)+(\nEnvironment variables .*)?"
                            .formatted(name)));
  }

  @Test
  void help_for_no_command_is_wrong_usage() {
    assertThat(run("help", "nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no command `nonsense`", "Usage: claviger help");
  }

  @Test
  void every_summary_of_a_command_is_a_sentence() {
    sentences(line());
  }

  private static void sentences(CommandLine line) {
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              CommandLine.Model.UsageMessageSpec usage = command.getCommandSpec().usageMessage();
              String[] shown = usage.header().length > 0 ? usage.header() : usage.description();
              assertThat(shown[0]).as(name).endsWith(".");
              sentences(command);
            });
  }

  /** What a command prints. */
  static String printed(String... arguments) {
    HelpTest test = new HelpTest();
    assertThat(test.run(arguments)).isZero();
    return test.out.toString();
  }

  private int run(String... arguments) {
    return line(arguments)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static CommandLine line(String... arguments) {
    Programs none =
        NoKeys.programs(
            settings -> {
              throw new AssertionError();
            },
            (environment, out) -> {
              throw new AssertionError();
            });
    return ClavigerCommandLine.of(none, GivenVariables.of(Map.of()), arguments);
  }
}
