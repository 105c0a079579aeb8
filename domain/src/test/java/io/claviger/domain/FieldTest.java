package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldTest {
  private static final Field<String> ABSENT = Field.absent();
  private static final Field<String> NULL = Field.ofNull();
  private static final Field<String> GIVEN = Field.of("new");

  @Test
  void only_an_absent_field_is_absent() {
    assertThat(ABSENT.isAbsent()).isTrue();
    assertThat(NULL.isAbsent()).isFalse();
    assertThat(GIVEN.isAbsent()).isFalse();
  }

  @Test
  void only_a_value_is_given() {
    assertThat(ABSENT.given()).isEmpty();
    assertThat(NULL.given()).isEmpty();
    assertThat(GIVEN.given()).hasValue("new");
  }

  @Test
  void an_absent_field_takes_what_stands_for_it() {
    assertThat(ABSENT.or("old")).isEqualTo("old");
    assertThat(ABSENT.or(Optional.of("old"))).hasValue("old");
  }

  @Test
  void a_value_replaces() {
    assertThat(GIVEN.or("old")).isEqualTo("new");
    assertThat(GIVEN.or(Optional.of("old"))).hasValue("new");
  }

  @Test
  void null_clears_what_may_be_empty() {
    assertThat(NULL.or(Optional.of("old"))).isEmpty();
  }

  @Test
  void null_takes_the_default_where_nothing_may_be_empty() {
    assertThat(NULL.or("default")).isEqualTo("default");
  }
}
