package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.claviger.domain.accounts.TokenName;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What characters and how many the texts that people write may hold. */
class TextsTest {
  private static final Named<Consumer<String>> DISPLAY_NAME =
      Named.of("display_name", DisplayName::new);
  private static final Named<Consumer<String>> TOKEN_NAME = Named.of("name", TokenName::new);
  private static final Named<Consumer<String>> MODEL = Named.of("model", ModelName::new);
  private static final Named<Consumer<String>> DESCRIPTION =
      Named.of("description", Description::new);
  private static final Named<Consumer<String>> EMAIL =
      Named.of("email", text -> new Email("a" + text + "@b"));

  private static final List<Named<Consumer<String>>> LINES =
      List.of(DISPLAY_NAME, TOKEN_NAME, MODEL, EMAIL);

  /** Told by number, so that test names stay printable. */
  private static final List<Integer> NEVER_ALLOWED =
      List.of(0x0000, 0x0001, 0x0008, 0x000b, 0x000c, 0x001b, 0x007f, 0x0080, 0x0085, 0x009f);

  private static final List<Integer> LINE_ENDS = List.of(0x0009, 0x000a, 0x000d);

  private static final List<Integer> SURROGATES = List.of(0xd800, 0xdbff, 0xdc00, 0xdfff);

  static Stream<Arguments> refusedInLines() {
    return LINES.stream()
        .flatMap(
            type ->
                Stream.of(NEVER_ALLOWED, LINE_ENDS, SURROGATES)
                    .flatMap(List::stream)
                    .map(c -> arguments(type, c)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusedInLines")
  void a_line_holds_no_control_character_and_no_lone_surrogate(
      Consumer<String> type, int character) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> type.accept("x" + (char) character + "y"));
  }

  static Stream<Arguments> refusedInText() {
    return Stream.of(NEVER_ALLOWED, SURROGATES)
        .flatMap(List::stream)
        .map(c -> arguments(DESCRIPTION, c));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusedInText")
  void a_description_holds_no_control_character_but_tab_and_line_ends(
      Consumer<String> type, int character) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> type.accept("x" + (char) character + "y"));
  }

  @Test
  void a_description_may_have_several_lines_and_tabs() {
    assertThatNoException().isThrownBy(() -> new Description("a\r\n\tb\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "\ude00\ud83d", "a\ud83d", "\ude00a"})
  void half_an_emoji_is_refused_wherever_it_stands(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new DisplayName(text));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Description(text));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new ModelName(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Zoë Müller", "実験室", "a\ud83d\ude00b", "~", " a ", "\u00a0x"})
  void letters_of_any_script_and_whole_emoji_are_fine(String text) {
    assertThat(new DisplayName(text).value()).isEqualTo(text);
    assertThat(new ModelName(text).value()).isEqualTo(text);
    assertThat(new TokenName(text).value()).isEqualTo(text);
    assertThat(new Description(text).value()).isEqualTo(text);
  }

  static Stream<Arguments> longest() {
    return Stream.of(
        arguments(DISPLAY_NAME, 200),
        arguments(TOKEN_NAME, 200),
        arguments(MODEL, 256),
        arguments(DESCRIPTION, 10_000),
        arguments(EMAIL, 251),
        arguments(Named.<Consumer<String>>of("note", Note::new), 2_000),
        arguments(Named.<Consumer<String>>of("api_key_version", KeyLabel::new), 100),
        arguments(Named.<Consumer<String>>of("applied_by", AppliedBy::new), 100));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("longest")
  void the_longest_text_is_taken(Consumer<String> type, int length) {
    assertThatNoException().isThrownBy(() -> type.accept("x".repeat(length)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("longest")
  void an_emoji_counts_as_one_character(Consumer<String> type, int length) {
    assertThatNoException().isThrownBy(() -> type.accept("\ud83d\ude00".repeat(length)));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> type.accept("\ud83d\ude00".repeat(length + 1)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("longest")
  void one_character_more_is_refused(Consumer<String> type, int length) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> type.accept("x".repeat(length + 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\u2003"})
  void names_are_not_blank(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new DisplayName(text));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new ModelName(text));
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new TokenName(text));
  }

  @Test
  void a_description_may_be_empty() {
    assertThat(Description.NONE.value()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b", "alice@example.org", "a+b@c.d", "o'hara@example.org", "ü@ü.de"})
  void an_email_is_taken_as_given(String text) {
    assertThat(new Email(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@", "a@", "@b", "a", "a@b@c", "a b@c", "a@b c", " a@b", "a@b\n"})
  void what_is_not_around_one_at_sign_is_no_email(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Email(text));
  }

  static Stream<Arguments> types() {
    return Stream.of(DISPLAY_NAME, TOKEN_NAME, MODEL, DESCRIPTION, EMAIL)
        .map(type -> arguments(type.getName(), type));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void a_refusal_names_its_field_as_in_json(String field, Consumer<String> type) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> type.accept("\0"))
        .extracting(InvalidValue::field)
        .isEqualTo(field);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void a_refusal_never_repeats_the_value(String field, Consumer<String> type) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> type.accept("sk-secret\0"))
        .satisfies(e -> assertThat(e.toString() + e.fault()).doesNotContain("sk-secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "3, abcd, abc",
    "4, abcd, abcd",
    "9, abcd, abcd",
    "2, 😀😀😀, 😀😀",
    "3, 😀😀😀, 😀😀😀",
    "1, a😀, a"
  })
  void the_beginning_of_a_text_has_whole_characters(int most, String text, String first) {
    assertThat(Characters.first(most, text)).isEqualTo(first);
  }
}
