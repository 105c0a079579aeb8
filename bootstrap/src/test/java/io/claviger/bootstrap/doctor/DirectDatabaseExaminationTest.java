package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.cli.DoctorCommand;
import io.claviger.host.DatabaseAddress;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What {@code doctor} reports about a database URL that bypasses a pooler. */
class DirectDatabaseExaminationTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();

  @Test
  void the_same_database_is_right_and_another_one_or_none_is_a_failure() {
    String url = database.jdbcUrl();
    assertThat(examined(url))
        .containsExactly("ok    direct_database  leads to the same database as DATABASE_URL");
    try (TestDatabase other = PostgresForTests.empty()) {
      assertThat(examined(other.jdbcUrl()))
          .singleElement()
          .asString()
          .startsWith("FAIL  direct_database")
          .contains("two databases");
    }
    assertThat(examined(url.replaceFirst("/claviger_test_", "/nobodys_")))
        .singleElement()
        .asString()
        .startsWith("FAIL  direct_database")
        .contains("CLAVIGER_DIRECT_DATABASE_URL");
  }

  @Test
  void nothing_is_said_if_the_service_itself_connects_to_the_server() {
    assertThat(examined(Optional.empty())).isEmpty();
  }

  private List<String> examined(String direct) {
    return examined(Optional.of(direct));
  }

  private List<String> examined(Optional<String> direct) {
    List<String> shown = new ArrayList<>();
    new DirectDatabaseExamination(finding -> shown.add(DoctorCommand.line(finding)))
        .run(database.dataSource(), direct.map(DatabaseAddress::of), () -> false);
    return shown;
  }
}
