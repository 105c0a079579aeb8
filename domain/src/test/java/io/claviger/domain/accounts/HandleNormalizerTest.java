package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandleNormalizerTest {
  @ParameterizedTest
  @CsvSource({
    "jdoe, jdoe",
    "Prof.X, prof.x",
    "my service, my-service",
    "a~~b, a-b",
    "_private, private",
    "-.x, x",
    "Jörg, j-rg",
    "'a/b', a-b"
  })
  void a_handle_is_folded_to_the_rule(String old, String folded) {
    assertThat(HandleNormalizer.fold(old)).contains(new Handle(folded));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "___", "me", "Admin", "PUBLIC", "_me", "\u0000", "日本"})
  void what_leaves_nothing_or_something_reserved_is_no_handle(String old) {
    assertThat(HandleNormalizer.fold(old)).isEmpty();
  }

  @Test
  void what_is_too_long_is_no_handle() {
    assertThat(HandleNormalizer.fold("a".repeat(64))).isPresent();
    assertThat(HandleNormalizer.fold("a".repeat(65))).isEmpty();
    assertThat(HandleNormalizer.fold("a" + "!".repeat(500))).isEmpty();
  }
}
