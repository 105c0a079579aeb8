package io.claviger.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.StandardTerminal;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class ClientHelpTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final ProgramContext CONTEXT =
      new ProgramContext(Map.of(), new StandardTerminal(Map.of()), Clock.systemUTC(), "1");

  private static List<String> commands() {
    return ClientCommands.names();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_help_of_a_command_ends_with_examples_that_are_right_usage(String name) {
    CommandLine command = ClientProgram.of(name, CONTEXT).getSubcommands().get(name);

    assertExamples(name, name, command);
    command.getSubcommands().forEach((sub, line) -> assertExamples(name, name + " " + sub, line));
  }

  private static void assertExamples(String name, String called, CommandLine command) {
    List<String> help = command.getUsageMessage().lines().toList();
    List<String> examples = help.subList(help.indexOf("Examples:") + 1, help.size());
    assertThat(help).as(called).contains("Examples:");
    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      List<String> words =
          WORD.matcher(example.strip())
              .results()
              .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
              .toList();
      assertThat(String.join(" ", words) + " ").startsWith("claviger " + called + " ");
      assertThat(
              ClientProgram.of(name, CONTEXT)
                  .parseArgs(words.subList(1, words.size()).toArray(String[]::new))
                  .errors())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"retention", "webhook"})
  void a_command_without_names_to_print_accepts_the_option_for_printing_names(String name) {
    CommandLine program = ClientProgram.of(name, CONTEXT);

    assertThat(program.parseArgs(name, "-q").errors()).isEmpty();
    assertThat(program.getSubcommands().get(name).getUsageMessage()).doesNotContain("--quiet");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_usage_of_a_command_names_each_parameter_once(String name) {
    CommandLine command = ClientProgram.of(name, CONTEXT).getSubcommands().get(name);
    Stream.concat(Stream.of(command), command.getSubcommands().values().stream())
        .forEach(
            each ->
                assertThat(each.getCommandSpec().positionalParameters())
                    .allSatisfy(
                        parameter ->
                            assertThat(each.getUsageMessage().replaceAll("\\s+", " "))
                                .doesNotContain(
                                    parameter.paramLabel() + " " + parameter.paramLabel())));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void what_names_a_service_is_completed(String name) {
    CommandLine command = ClientProgram.of(name, CONTEXT).getSubcommands().get(name);
    assertThat(command.getCommandSpec().args())
        .filteredOn(
            each ->
                each.paramLabel().equals("REF")
                    && !Arrays.toString(each.description()).matches(".*(project|about this).*"))
        .extracting(ArgSpec::completionCandidates)
        .allSatisfy(each -> assertThat(each).containsExactly("(services)"));
  }
}
