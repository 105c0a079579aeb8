package io.claviger.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.ClientProgram;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.StandardTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

class WrittenOptionsTest {
  @ParameterizedTest
  @CsvSource({"90m, PT1H30M", "8h, PT8H", "30d, PT720H", "2w, PT336H"})
  void a_time_is_a_number_and_a_letter(String text, Duration duration) {
    assertThat(new LifetimeConverter().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "h", "0h", "-1h", "1.5h", "8 h", "8H", "100000d", "soon"})
  void anything_else_is_no_time(String text) {
    assertThatThrownBy(() -> new LifetimeConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("from 1 to 99999, followed by m, h, d or w");
  }

  @ParameterizedTest
  @CsvSource({
    "20usd/month, 20, usd, month",
    "3usd, 3, usd, total",
    "0.5usd/day, 0.5, usd, day",
    "1000000tokens/week, 1000000, tokens, week",
    "10requests/total, 10, requests, total"
  })
  void a_budget_is_a_number_a_unit_and_a_window(
      String text, String amount, String unit, String window) {
    assertThat(new BudgetOption.Converter().convert(text))
        .isEqualTo(new BudgetOption(amount, unit, window));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "usd", "20eur", "20usd/year", "-1usd", "1e9usd", "20 usd"})
  void anything_else_is_no_budget(String text) {
    assertThatThrownBy(() -> new BudgetOption.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345678901234567890usd", "1.1234567890usd"})
  void a_budget_with_too_many_digits_says_how_many_it_may_have(String text) {
    assertThatThrownBy(() -> new BudgetOption.Converter().convert(text))
        .hasMessageContaining("at most 16 digits before a point and 9 after it");
  }

  @Test
  void with_both_options_json_is_printed_and_not_only_names() {
    OutputOptions both = CommandLine.populateCommand(new OutputOptions(), "--json", "--quiet");
    assertThat(both.json()).isTrue();
    assertThat(both.quiet()).isFalse();
    assertThat(CommandLine.populateCommand(new OutputOptions(), "-q").quiet()).isTrue();
  }

  /** A file in the working directory must not decide what a command does. */
  @Test
  void an_argument_that_begins_with_an_at_sign_is_no_name_of_a_file(@TempDir Path directory)
      throws IOException {
    String group = "@" + Files.writeString(directory.resolve("research"), "bob --role owner");

    List<String> lend = List.of("lend", "my-openai", "--to", group);
    List<String> run = List.of("run", "--", "curl", "-d", group, "@" + group);

    assertThat(parsed(lend).originalArgs()).isEqualTo(lend);
    assertThat(parsed(lend).subcommand().<String>matchedOptionValue("--to", "")).isEqualTo(group);
    assertThat(parsed(lend).subcommand().hasMatchedOption("--role")).isFalse();
    assertThat(parsed(run).subcommand().matchedPositionalValue(0, List.of()))
        .isEqualTo(run.subList(2, run.size()));
  }

  private static ParseResult parsed(List<String> arguments) {
    ProgramContext context =
        new ProgramContext(Map.of(), new StandardTerminal(Map.of()), Clock.systemUTC(), "1");
    return ClientProgram.of(arguments.getFirst(), context)
        .parseArgs(arguments.toArray(String[]::new));
  }
}
