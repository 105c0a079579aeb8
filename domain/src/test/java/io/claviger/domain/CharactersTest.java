package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069,
        0xFEFF, 0xE0041
      })
  void what_readers_do_not_see_is_marked(int hidden) {
    String text = "a" + Character.toString(hidden) + "b";
    assertThat(Characters.isLine(text)).isTrue();
    assertThat(Characters.marked(text)).isEqualTo("a‹U+%04X›b".formatted(hidden));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gpt-5",
        "Größe",
        "two\nlines\tand a tab",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\ud83d\udc69\u200d\ud83d\udcbb"
      })
  void what_readers_see_or_scripts_need_stays(String text) {
    assertThat(Characters.marked(text)).isSameAs(text);
  }

  @Test
  void all_of_them_are_marked() {
    assertThat(Characters.marked("\u202e\ud83e\udd96\u2066x\u2028"))
        .isEqualTo("‹U+202E›\ud83e\udd96‹U+2066›x‹U+2028›");
  }
}
