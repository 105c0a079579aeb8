package io.claviger.domain.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceRefTest {
  @Test
  void a_reference_is_owner_and_handle() {
    assertThat(Instance.Ref.of("alice/my-openai"))
        .isEqualTo(new Instance.Ref(new Handle("alice"), new Handle("my-openai")))
        .hasToString("alice/my-openai");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a",
        "a/",
        "/b",
        "a/b/c",
        "A/b",
        "a/B",
        "a//b",
        "a/_by-id",
        "a/b\n",
        "a/\0"
      })
  void anything_else_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Instance.Ref.of(text))
        .extracting(InvalidValue::field)
        .isEqualTo("service");
  }

  @Test
  void references_are_ordered_by_owner_and_then_by_handle() {
    assertThat(Stream.of("b/a", "a/b", "a-b/a", "a/a", "_system/z").map(Instance.Ref::of).sorted())
        .extracting(Instance.Ref::toString)
        .containsExactly("_system/z", "a/a", "a/b", "a-b/a", "b/a");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30_000, 600_000})
  void a_timeout_is_one_millisecond_to_ten_minutes(int millis) {
    assertThat(new Timeout(millis).duration()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 600_001, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void other_timeouts_are_refused(int millis) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new Timeout(millis))
        .extracting(InvalidValue::field)
        .isEqualTo("timeout_ms");
  }

  @Test
  void a_timeout_is_thirty_seconds_unless_set() {
    assertThat(Timeout.DEFAULT.millis()).isEqualTo(600_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"o", "org-0123", "!~"})
  void an_organization_is_visible_ascii(String text) {
    assertThat(new Organization(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a\n", "a\r\nHost: x", "a\0", "a\t", "é", "\ud83d", "\u007f"})
  void another_organization_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Organization(text));
  }

  @Test
  void an_organization_has_at_most_two_hundred_and_fifty_six_characters() {
    assertThat(new Organization("o".repeat(256)).value()).hasSize(256);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new Organization("o".repeat(257)));
  }
}
