package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaNameTest {
  private static final String OF_63 =
      "a23456789_123456789_123456789_123456789_123456789_123456789_123";

  @ParameterizedTest
  @ValueSource(strings = {"public", "claviger", "_c", "c1_2", "user", "pgx", OF_63})
  void a_plain_name_is_taken(String name) {
    assertThat(new SchemaName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1st",
        "Claviger",
        "my schema",
        "my-schema",
        "a\"; drop schema public; --",
        "$user",
        "a,b",
        "größe",
        "claviger\n",
        "pg_catalog",
        "pg_temp",
        "information_schema",
        OF_63 + "4"
      })
  void another_is_refused(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new SchemaName(name))
        .satisfies(e -> assertThat(e.field()).isEqualTo("schema"));
  }
}
