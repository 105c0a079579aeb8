package io.claviger.console.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The contrasts of the style sheet are those that docs/console-design.md states, and suffice. */
class ContrastsTest {
  private static final Pattern COLOUR =
      Pattern.compile("--([a-z0-9-]+): light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\);");
  private static final Pattern ROW =
      Pattern.compile(
          "\\| `([a-z0-9-]+)` on `([a-z0-9-]+)` \\| ([0-9.]+) \\| ([0-9.]+) \\| ([0-9.]+) \\|");

  @Test
  void contrasts_are_as_documented_and_enough() throws IOException {
    Map<String, List<String>> colours = new HashMap<>();
    COLOUR
        .matcher(styleSheet())
        .results()
        .forEach(each -> colours.put(each.group(1), List.of(each.group(2), each.group(3))));
    List<MatchResult> rows =
        ROW.matcher(Files.readString(Path.of("../docs/console-design.md"))).results().toList();
    assertThat(rows).hasSizeGreaterThan(20);
    for (MatchResult row : rows) {
      for (int scheme : new int[] {0, 1}) {
        double contrast =
            contrast(
                Objects.requireNonNull(colours.get(row.group(1))).get(scheme),
                Objects.requireNonNull(colours.get(row.group(2))).get(scheme));
        assertThat(contrast).as(row.group()).isGreaterThanOrEqualTo(parsed(row.group(5)));
        assertThat(BigDecimal.valueOf(contrast).setScale(1, RoundingMode.DOWN))
            .as(row.group())
            .isEqualTo(row.group(3 + scheme));
      }
    }
  }

  private static double parsed(String number) {
    return new BigDecimal(number).doubleValue();
  }

  /** As WCAG 2.2 defines it. */
  private static double contrast(String one, String other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String colour) {
    return 0.2126 * linear(colour, 0) + 0.7152 * linear(colour, 2) + 0.0722 * linear(colour, 4);
  }

  private static double linear(String colour, int at) {
    double value = Integer.parseInt(colour.substring(at, at + 2), 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static String styleSheet() throws IOException {
    try (InputStream in = ContrastsTest.class.getResourceAsStream("/console/console.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }
}
