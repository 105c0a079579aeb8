package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the secrets and the answer are, each byte takes a limited number of steps. */
@Tag("measurement")
class LinearRedactionTest {
  private static final int KEY_BYTES = 2_048;
  private static final int TEXT_BYTES = 1 << 13;
  private static final int MOST_SECRETS = 65;

  /** Five scans, most of which read a byte at most twice, write it once and copy it. */
  private static final int MOST_STEPS_PER_BYTE = 40;

  /** Repetitions of a few characters, as keys or as texts. */
  private enum Shape {
    DASHES("-"),
    DASHES_THEN_A_LETTER("-") {
      @Override
      String text(int length) {
        return super.text(length - 1) + "x";
      }
    },
    A_LETTER_THEN_DASHES("-") {
      @Override
      String text(int length) {
        return "x" + super.text(length - 1);
      }
    },
    PAIRS("ab"),
    DASHES_WITH_WORDS_BETWEEN("-------x"),
    LONG_TURNS("-".repeat(700) + "x"),
    BACKSLASHES("\\"),
    PERCENT_SIGNS("%"),
    ESCAPES("\\u002d"),
    REFERENCES("&#45;"),
    BROKEN_ESCAPES("\\u00-%2-&#4&am-");

    private final String turn;

    Shape(String turn) {
      this.turn = turn;
    }

    String text(int length) {
      return turn.repeat(length / turn.length() + 1).substring(0, length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "16384, true",
    "1000, true",
    "100, true",
    "1, true",
    "16384, false",
    "100, false",
    "1, false"
  })
  void no_key_and_no_answer_take_more_than_a_bounded_number_of_steps_a_byte(
      int chunk, boolean inError) {
    for (Shape key : Shape.values()) {
      for (Shape text : Shape.values()) {
        long steps = steps(List.of(key.text(KEY_BYTES)), text.text(TEXT_BYTES), chunk, inError);

        assertThat(steps / (double) TEXT_BYTES)
            .as("%s in %s".formatted(key, text).toLowerCase(Locale.ROOT))
            .isLessThan(MOST_STEPS_PER_BYTE);
      }
    }
  }

  /**
   * A service may have a key and 32 custom headers, each of them with a secret behind a scheme. All
   * secrets begin alike, as many as possible are a part of others, and some overlap with
   * themselves.
   */
  @ParameterizedTest
  @CsvSource({"16384, true", "2500, true", "16384, false", "1000, false"})
  void the_number_of_steps_does_not_depend_on_the_number_of_secrets(int chunk, boolean inError) {
    for (Shape key : Shape.values()) {
      List<String> secrets = new ArrayList<>();
      for (int i = 0; i < MOST_SECRETS; i++) {
        secrets.add(key.text(8 + 2 * i) + (i % 3 == 0 ? (char) ('A' + i / 3) : ""));
      }
      for (Shape text : Shape.values()) {
        long steps = steps(secrets, text.text(TEXT_BYTES), chunk, inError);

        assertThat(steps / (double) TEXT_BYTES)
            .as("%s in %s".formatted(key, text).toLowerCase(Locale.ROOT))
            .isLessThan(MOST_STEPS_PER_BYTE);
      }
    }
  }

  /** Where no escape is near, only one of the scans has to follow a repeated key. */
  @Test
  void an_error_that_repeats_the_key_without_escapes_takes_few_steps_a_byte() {
    String key = Shape.DASHES.text(KEY_BYTES);
    String text = Shape.DASHES.text(32 * TEXT_BYTES);

    long steps = steps(List.of(key), text, 65_536, true);

    assertThat(steps / (double) text.length()).isLessThan(9);
  }

  private static long steps(List<String> secrets, String text, int chunk, boolean inError) {
    CountedBytes bytes = new CountedBytes();
    try (Redactor redactor = new Redactor(inError)) {
      secrets.forEach(secret -> redactor.add(secret.getBytes(US_ASCII)));
      for (int from = 0; from < text.length(); from += chunk) {
        String part = text.substring(from, Math.min(from + chunk, text.length()));
        ByteBuf passing = bytes.heapBuffer(part.length());
        passing.writeBytes(part.getBytes(US_ASCII));
        redactor.pass(passing).release();
      }
      redactor.end().release();
    }
    return bytes.steps();
  }
}
