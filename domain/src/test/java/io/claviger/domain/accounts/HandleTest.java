package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "alice",
        "my-openai",
        "v1.2",
        "a_b",
        "9lives",
        "a-",
        "a.",
        "a_",
        "a--b",
        "a..b",
        "mem",
        "me2",
        "administrator",
        "publicity",
        "root",
        "system",
        "a_system",
        "null"
      })
  void a_handle_is_letters_digits_and_inner_marks(String text) {
    assertThat(new Handle(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-a",
        ".a",
        "..",
        ".",
        "a b",
        "a/b",
        "a\\b",
        "a:b",
        "a@b",
        "a%2fb",
        "a+b",
        "a\n",
        "\na",
        "a\0",
        "é",
        "a\u0300",
        "\u0430lice",
        "\u0661",
        "\ud83d",
        "\ud83d\ude00",
        "\u017f",
        "\u212a"
      })
  void anything_else_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Handle(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Alice", "aLICE", "ME", "Admin", "_SYSTEM"})
  void capitals_are_refused_and_not_folded(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Handle(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"me", "admin", "public", "_by-id", "_check", "_", "__system", "_systems"})
  void reserved_names_are_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Handle(text));
  }

  @Test
  void the_built_in_user_has_the_only_handle_that_begins_with_an_underscore() {
    assertThat(new Handle("_system")).isEqualTo(Handle.SYSTEM);
    assertThat(Handle.SYSTEM.isSystem()).isTrue();
  }

  @Test
  void nobody_else_is_the_built_in_user() {
    assertThat(new Handle("system").isSystem()).isFalse();
  }

  @Test
  void sixty_four_characters_are_the_most() {
    assertThat(new Handle("a".repeat(64)).value()).hasSize(64);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Handle("a".repeat(65)));
  }

  @Test
  void a_refusal_does_not_repeat_what_was_given() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new Handle("SK-SECRET"))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("SK-SECRET"));
  }

  @Test
  void handles_are_ordered_by_their_characters_codes() {
    assertThat(new Handle[] {h("b"), h("a_"), h("aa"), h("a"), h("a-"), h("a0"), h("a.")})
        .satisfies(
            handles -> {
              Arrays.sort(handles);
              assertThat(handles)
                  .extracting(Handle::value)
                  .containsExactly("a", "a-", "a.", "a0", "a_", "aa", "b");
            });
  }

  @Test
  void a_handle_prints_as_itself() {
    assertThat(h("alice")).hasToString("alice");
  }

  private static Handle h(String value) {
    return new Handle(value);
  }
}
