package io.claviger.domain.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionRefTest {
  @Test
  void a_reference_is_owner_and_handle() {
    assertThat(Definition.Ref.of("_system/openai-large"))
        .isEqualTo(new Definition.Ref(Handle.SYSTEM, new Handle("openai-large")))
        .hasToString("_system/openai-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a", "a/", "/b", "a/b/c", "A/b", "a/B", "a//b", "a/b\n", "a/\0"})
  void anything_else_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Definition.Ref.of(text))
        .extracting(InvalidValue::field)
        .isEqualTo("definition");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3072, 65_536})
  void dimensions_are_one_to_sixty_five_thousand_five_hundred_and_thirty_six(int value) {
    assertThat(new Dimensions(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_537, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void other_dimensions_are_refused(int value) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Dimensions(value));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8192, Integer.MAX_VALUE})
  void a_context_limit_is_above_nothing(int value) {
    assertThat(new ContextLimit(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void a_context_limit_of_nothing_is_refused(int value) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new ContextLimit(value));
  }
}
