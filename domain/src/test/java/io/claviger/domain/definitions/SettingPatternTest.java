package io.claviger.domain.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingPatternTest {
  private static final String[] CHARACTERS = {
    "a", "b", "-", ".", "[ab]", "[a-c]", "[b-]", "[-a]", "\\.", "[.a]", "[\\]b]"
  };
  private static final String[] NUMBERS = {"", "", "?", "*", "+", "{2}", "{0,2}", "{1,}", "{0}"};

  @ParameterizedTest
  @CsvSource({
    "[0-9]{4}-[0-9]{2}-[0-9]{2}, 2024-10-21, true",
    "[0-9]{4}-[0-9]{2}-[0-9]{2}, 2024-10-21-preview, false",
    "[0-9]{4}-[0-9]{2}-[0-9]{2}[a-z-]*, 2024-10-21-preview, true",
    "v1\\.[0-9]+, v1.20, true",
    "v1\\.[0-9]+, v1x20, false",
    "a.c, a c, true"
  })
  void a_pattern_matches_the_whole_value(String pattern, String value, boolean matches) {
    assertThat(new SettingPattern(pattern).matches(value)).isEqualTo(matches);
  }

  @Test
  void it_says_the_same_as_the_regular_expression_of_the_JDK() {
    Random random = new Random(36);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder pattern = new StringBuilder();
      for (int piece = 0; piece <= random.nextInt(5); piece++) {
        pattern
            .append(CHARACTERS[random.nextInt(CHARACTERS.length)])
            .append(NUMBERS[random.nextInt(NUMBERS.length)]);
      }
      StringBuilder value = new StringBuilder();
      for (int at = random.nextInt(8); at > 0; at--) {
        value.append("abc-.]".charAt(random.nextInt(6)));
      }
      assertThat(new SettingPattern(pattern.toString()).matches(value.toString()))
          .as("%s of %s", pattern, value)
          .isEqualTo(Pattern.matches(pattern.toString(), value));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "(a)",
        "a|b",
        "^a",
        "a$",
        "[^a]",
        "[a",
        "a]",
        "[]",
        "[b-a]",
        "[a&&b]",
        "[[a]]",
        "a{",
        "a{}",
        "a{2,1}",
        "a{257}",
        "a{,3}",
        "a{1,2,3}",
        "a{x}",
        "*a",
        "a**",
        "a+?",
        "\\d",
        "[\\w]",
        "a\\",
        "a b",
        "\u00E9",
        "a\n",
        "{2}"
      })
  void what_it_does_not_understand_is_no_pattern(String pattern) {
    assertThatThrownBy(() -> new SettingPattern(pattern)).isInstanceOf(InvalidValue.class);
  }

  @Test
  void no_pattern_takes_long_for_any_value() {
    SettingPattern hard = new SettingPattern("a*".repeat(63) + "b");
    Assertions.assertTimeout(
        Duration.ofSeconds(20), () -> assertThat(hard.matches("a".repeat(256))).isFalse());
  }
}
