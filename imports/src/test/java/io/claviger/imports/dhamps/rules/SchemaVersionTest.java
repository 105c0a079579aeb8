package io.claviger.imports.dhamps.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaVersionTest {
  @ParameterizedTest
  @EnumSource(SchemaVersion.class)
  void a_shape_is_known_by_all_of_its_tables(SchemaVersion shape) {
    Set<String> tables = new HashSet<>(shape.tables());
    tables.add("embeddings");
    assertThat(SchemaVersion.of(tables)).contains(shape);
    for (String table : shape.tables()) {
      Set<String> without = new HashSet<>(tables);
      without.remove(table);
      assertThat(SchemaVersion.of(without)).as("without %s", table).isEmpty();
    }
  }

  @Test
  void two_shapes_at_once_are_none() {
    Set<String> tables = new HashSet<>(SchemaVersion.BEFORE.tables());
    tables.addAll(SchemaVersion.REFACTORED.tables());
    assertThat(SchemaVersion.of(tables)).isEmpty();
  }

  @Test
  void our_own_database_is_none() {
    assertThat(
            SchemaVersion.of(
                Set.of(
                    "users",
                    "api_standards",
                    "projects",
                    "project_shares",
                    "definitions",
                    "definition_shares",
                    "instances",
                    "shares")))
        .isEmpty();
  }
}
