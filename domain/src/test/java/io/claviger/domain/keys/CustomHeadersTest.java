package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomHeadersTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static CustomHeader header(String name, String value) {
    return CustomHeader.of(new HeaderName(name), bytes(value));
  }

  private static String read(Secret secret) {
    return secret.lend(b -> new String(b, StandardCharsets.US_ASCII));
  }

  private static List<String> lines(CustomHeaders headers) {
    return headers.headers().stream().map(h -> h.name().value() + ": " + read(h.value())).toList();
  }

  private static CustomHeaders many(int count, String value) {
    return new CustomHeaders(
        IntStream.range(0, count)
            .mapToObj(i -> header("x".repeat(97) + String.format("%03d", i), value))
            .toList());
  }

  /** Up to 32 headers with names and values of every shape that is allowed. */
  private static CustomHeaders random(long seed) {
    Random random = new Random(seed);
    List<CustomHeader> headers = new ArrayList<>();
    for (int count = random.nextInt(33); count > 0; count--) {
      String name = "!#$%&'*+-.^_`|~" + "x".repeat(random.nextInt(80)) + count;
      StringBuilder value = new StringBuilder("!");
      for (int length = random.nextInt(200); length > 0; length--) {
        int drawn = random.nextInt(96);
        value.append(drawn == 95 ? '\t' : (char) (' ' + drawn));
      }
      headers.add(header(name, value.append('~').toString()));
    }
    return new CustomHeaders(headers);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void what_is_packed_is_unpacked_as_it_was(long seed) {
    CustomHeaders headers = random(seed);
    assertThat(lines(CustomHeaders.unpacked(headers.packed()))).isEqualTo(lines(headers));
  }

  @Test
  void headers_are_packed_as_lines_of_name_and_value() {
    CustomHeaders headers = new CustomHeaders(List.of(header("X-A", "1: 2"), header("x-b", ":")));
    assertThat(read(headers.packed())).isEqualTo("X-A:1: 2\nx-b::\n");
  }

  @Test
  void thirty_two_of_the_longest_are_packed_and_unpacked() {
    CustomHeaders headers = many(32, "v".repeat(4_096));
    assertThat(lines(CustomHeaders.unpacked(headers.packed()))).isEqualTo(lines(headers));
  }

  @Test
  void no_headers_are_packed_as_nothing() {
    assertThat(read(new CustomHeaders(List.of()).packed())).isEmpty();
    assertThat(CustomHeaders.unpacked(Secret.takingOver(new byte[0])).isEmpty()).isTrue();
  }

  @Test
  void packing_leaves_the_headers_as_they_are() {
    CustomHeaders headers = new CustomHeaders(List.of(header("x-a", "1")));
    headers.packed().close();
    assertThat(lines(headers)).containsExactly("x-a: 1");
  }

  @Test
  void more_than_thirty_two_are_refused() {
    assertThatNoException().isThrownBy(() -> many(32, "v"));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> many(33, "v"))
        .extracting(InvalidValue::field)
        .isEqualTo("custom_headers");
  }

  @Test
  void a_name_given_twice_is_refused() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new CustomHeaders(List.of(header("x-a", "1"), header("x-a", "2"))));
  }

  @Test
  void a_name_given_twice_in_different_case_is_refused() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new CustomHeaders(List.of(header("x-a", "1"), header("X-A", "1"))));
  }

  @Test
  void names_are_told_in_the_order_given() {
    assertThat(new CustomHeaders(List.of(header("x-b", "1"), header("x-a", "2"))).names())
        .containsExactly(new HeaderName("x-b"), new HeaderName("x-a"));
  }

  @Test
  void headers_are_empty_only_when_there_are_none() {
    assertThat(new CustomHeaders(List.of()).isEmpty()).isTrue();
    assertThat(new CustomHeaders(List.of(header("x-a", "1"))).isEmpty()).isFalse();
  }

  @Test
  void closing_wipes_every_value() {
    CustomHeaders headers = new CustomHeaders(List.of(header("x-a", "1"), header("x-b", "2")));
    headers.close();
    assertThat(headers.headers())
        .allSatisfy(h -> assertThatIllegalStateException().isThrownBy(() -> read(h.value())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "a b", "a\tb", "!~", "Bearer sk-0123", "{\"a\": \"b\"}", "a:b"})
  void a_value_is_visible_ascii_with_blanks_inside(String value) {
    assertThat(read(header("x-a", value).value())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t",
        " a",
        "a ",
        "a\t",
        "\ta",
        "a\nb",
        "a\r\nHost: x",
        "a\0b",
        "a\u007fb",
        "a\u0001b",
        "é",
        "\ud83d\ude00"
      })
  void another_value_is_refused(String value) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> header("x-a", value))
        .extracting(InvalidValue::field)
        .isEqualTo("custom_headers/x-a");
  }

  @Test
  void a_value_has_at_most_four_thousand_and_ninety_six_bytes() {
    assertThatNoException().isThrownBy(() -> header("x-a", "v".repeat(4_096)));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> header("x-a", "v".repeat(4_097)));
  }

  @Test
  void a_refusal_does_not_repeat_the_value() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> header("x-a", "sk-secret\n"))
        .satisfies(e -> assertThat(e.toString() + e.fault()).doesNotContain("sk-secret"));
  }

  @Test
  void the_array_that_a_value_was_made_from_is_wiped() {
    byte[] given = bytes("secret");
    CustomHeader header = CustomHeader.of(new HeaderName("x-a"), given);
    assertThat(given).containsOnly(0);
    assertThat(read(header.value())).isEqualTo("secret");
  }

  @Test
  void the_array_that_a_refused_value_was_made_from_is_wiped_too() {
    byte[] given = bytes("secret\n");
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> CustomHeader.of(new HeaderName("x-a"), given));
    assertThat(given).containsOnly(0);
  }
}
