package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.standards.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What usage statements of providers cost, read as the gateway reads them: {@code usage-costs.txt}.
 */
class UsageCostsTest {
  private static final String FILE = "/usage-costs.txt";

  private static final Map<String, WireFormat> FORMATS =
      Map.of(
          "message",
          WireFormat.ANTHROPIC,
          "gemini",
          WireFormat.GEMINI,
          "cohere",
          WireFormat.COHERE,
          "ollama",
          WireFormat.OLLAMA);

  /**
   * A line of the table.
   *
   * @param sum how the cost was worked out
   * @param nanoDollars what it came to
   */
  private record Statement(
      String name, Price price, boolean images, String sum, long nanoDollars, String answer) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("statements")
  void a_statement_costs_what_was_worked_out_by_hand(Statement statement) {
    String first = statement.name().split("[ ,]")[0];
    WireFormat format = FORMATS.getOrDefault(first, WireFormat.OPENAI);
    TokenCounts counts = TokenCountsTest.counted(format, statement.answer());

    assertThat(Cost.of(statement.price(), counts.usage(statement.images())))
        .as(statement.sum())
        .isEqualTo(statement.nanoDollars());
  }

  @ParameterizedTest
  @MethodSource("statements")
  void each_sum_of_the_table_is_right(Statement statement) {
    BigDecimal micro = BigDecimal.ZERO;
    for (String term : statement.sum().split(" \\+ ")) {
      boolean piece = term.endsWith(" request") || term.endsWith(" image");
      BigDecimal product =
          Arrays.stream(term.split(" ")[0].split("\\*"))
              .map(BigDecimal::new)
              .reduce(BigDecimal.ONE, BigDecimal::multiply);
      micro = micro.add(piece ? product.movePointRight(6) : product);
    }
    assertThat(micro.movePointRight(3).setScale(0, RoundingMode.CEILING))
        .isEqualByComparingTo(BigDecimal.valueOf(statement.nanoDollars()));
  }

  @Test
  void there_are_a_hundred_statements_and_no_name_twice() {
    assertThat(statements().map(Statement::name)).hasSizeGreaterThanOrEqualTo(100);
    assertThat(statements().map(Statement::name)).doesNotHaveDuplicates();
  }

  static Stream<Statement> statements() {
    String[] blocks = text().split("(?m)^== ");
    Map<String, Price> prices = new HashMap<>();
    blocks[0]
        .lines()
        .filter(line -> line.startsWith("price "))
        .map(line -> line.substring("price ".length()).split(" = "))
        .forEach(parts -> prices.put(parts[0], price(parts[1])));
    return Arrays.stream(blocks).skip(1).map(block -> statement(block, prices));
  }

  private static Statement statement(String block, Map<String, Price> prices) {
    String[] lines = block.split("\n", 2);
    String[] head = lines[0].split(" \\| ");
    List<String> priced = List.of(head[1].split(" "));
    String[] sum = head[2].split(" = ");
    return new Statement(
        head[0],
        Optional.ofNullable(prices.get(priced.get(0))).orElseThrow(),
        priced.contains("images"),
        sum[0],
        Long.parseLong(sum[1]),
        lines[1]);
  }

  private static Price price(String text) {
    String[] parts = text.split("; above ");
    List<Threshold> beyond = List.of();
    if (parts.length == 2) {
      String[] context = parts[1].split(": ");
      beyond = List.of(new Threshold(Integer.parseInt(context[0]), rates(context[1])));
    }
    return new Price(
        1, LocalDate.of(2026, 1, 1), PriceTerms.of(rates(parts[0])).withThresholds(beyond));
  }

  private static Rates rates(String text) {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    for (String each : text.split(", ")) {
      String[] pair = each.split(" ");
      Rate rate =
          Arrays.stream(Rate.values())
              .filter(r -> r.wireName().equals(pair[0]))
              .findFirst()
              .orElseThrow();
      stated.put(rate, PicoDollars.parse(rate, new BigDecimal(pair[1])));
    }
    return new Rates(stated);
  }

  static String text() {
    try (InputStream in = UsageCostsTest.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
