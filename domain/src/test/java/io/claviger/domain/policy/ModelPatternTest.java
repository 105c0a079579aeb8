package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPatternTest {
  private static Set<ModelPattern> of(String... patterns) {
    return Stream.of(patterns).map(ModelPattern::new).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o, true",
    "gpt-4o, gpt-4o-mini, false",
    "gpt-4o*, gpt-4o-mini, true",
    "gpt-4o*, gpt-4o, true",
    "gpt-4o*, gpt-4, false",
    "*, anything, true",
    "a*b, a*b, true",
    "a*b, axb, false",
    "A*, a, false"
  })
  void an_asterisk_at_the_end_stands_for_any_rest(String pattern, String model, boolean matches) {
    assertThat(new ModelPattern(pattern).matches(model)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*b", "*a", "a**", " "})
  void nobody_writes_a_pattern_that_matches_nothing(String text) {
    assertThatThrownBy(() -> ModelPattern.written(text)).isInstanceOf(InvalidValue.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a*", "*"})
  void an_asterisk_may_stand_at_the_end(String text) {
    assertThat(ModelPattern.written(text).value()).isEqualTo(text);
  }

  @Test
  void a_wider_pattern_covers_what_begins_as_it_does() {
    assertThat(ModelPattern.cover(of("a*"), of("a", "ab*", "a*"))).isTrue();
    assertThat(ModelPattern.cover(of("ab*"), of("a*"))).isFalse();
    assertThat(ModelPattern.cover(of("a"), of("a*"))).isFalse();
    assertThat(ModelPattern.cover(of("a"), of("a", "b"))).isFalse();
  }

  @Test
  void two_sets_have_in_common_what_both_allow() {
    assertThat(ModelPattern.common(of("a*", "b"), of("ab*", "b", "c"))).isEqualTo(of("ab*", "b"));
    assertThat(ModelPattern.common(of("a*"), of("b*"))).isEmpty();
  }
}
