package io.claviger.domain.trusts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectPatternTest {
  @ParameterizedTest
  @ValueSource(strings = {"repo:*", "system:*", "a/*", "repo::*", "repo:/*", "::*", "https://*"})
  void a_kind_of_subjects_is_no_owner(String pattern) {
    assertThat(new SubjectPattern(pattern).namesOwner()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"repo:acme/*", "repo:acme/app:*", "system:serviceaccount:ns:*", "job"})
  void what_stands_before_the_star_names_an_owner(String pattern) {
    assertThat(new SubjectPattern(pattern).namesOwner()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "repo:acme/app:ref:refs/heads/main, repo:acme/app:ref:refs/heads/main, true",
    "repo:acme/app:ref:refs/heads/main, repo:acme/app:ref:refs/heads/main2, false",
    "repo:acme/app:ref:refs/heads/main, repo:ACME/app:ref:refs/heads/main, false",
    "repo:acme/*, repo:acme/app:ref:refs/heads/main, true",
    "repo:acme/*, repo:acme/, false",
    "repo:acme/*, repo:acme-evil/app, false",
    "repo:acme/app:*, repo:acme/app:ref:x, true",
    "repo:acme/app:*, repo:acme/app-evil:ref:x, false",
    "repo:acme/*, xrepo:acme/app, false"
  })
  void a_pattern_accepts_one_subject_or_what_begins_like_it(
      String pattern, String subject, boolean accepted) {
    assertThat(new SubjectPattern(pattern).accepts(subject)).isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "*", "a*", "repo:acme*", "a:*b", "a:**", "*:a", "a:*:*", "a\nb"})
  void a_star_stands_only_at_the_end_behind_a_separator(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new SubjectPattern(text));
  }

  @Test
  void a_pattern_has_up_to_a_thousand_printable_characters() {
    assertThat(new SubjectPattern("x".repeat(1_000)).value()).hasSize(1_000);
    for (String text : new String[] {"x".repeat(1_001), "a\u0000b", "a\u200bb", "a\u202eb"}) {
      assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new SubjectPattern(text));
    }
  }
}
