package io.claviger.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.testkit.postgres.SharedServerPrograms;
import io.claviger.wiring.Connections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
@Tag("journey")
class ConnectedDatabaseTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void without_a_url_it_is_the_embedded_one_and_with_its_url_the_same() throws SQLException {
    SharedServerPrograms.lendTo(directory, ConnectedDatabaseTest::startOnce);
    Settings own = Settings.from(Map.of("CLAVIGER_DATA_DIR", directory.toString()));
    try (ConnectedDatabase serving = ConnectedDatabase.toServe(own);
        ConnectedDatabase joined = ConnectedDatabase.toJoin(own);
        ConnectedDatabase named = ConnectedDatabase.toServe(byUrl(serving.forMigrations()))) {
      assertThat(database(serving)).isEqualTo("claviger");
      assertThat(database(joined)).isEqualTo("claviger");
      assertThat(database(named)).isEqualTo("claviger");
    }
    assertThatThrownBy(
            () ->
                ConnectedDatabase.toServe(
                        Settings.from(Map.of("DATABASE_URL", "postgres://u@127.0.0.1:1/x")))
                    .close())
        .isInstanceOf(StartRefused.class);
    assertThat(EmbeddedDatabase.existsIn(DataDirectory.open(directory))).isTrue();
    SharedServerPrograms.takeFrom(directory);
  }

  @Test
  void a_command_creates_no_embedded_database() {
    Path mistaken = directory.resolve("mistaken");
    Settings none = Settings.from(Map.of("CLAVIGER_DATA_DIR", mistaken.toString()));
    assertThatThrownBy(() -> ConnectedDatabase.toJoin(none).close())
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("there is no database in " + mistaken)
        .hasMessageContaining("CLAVIGER_DATA_DIR");
    assertThat(mistaken).doesNotExist();
  }

  @Tag("thorough")
  @Test
  void one_pool_is_opened_where_one_is_used() {
    SharedServerPrograms.lendStartedTo(directory, ConnectedDatabaseTest::startOnce);
    Settings own = Settings.from(Map.of("CLAVIGER_DATA_DIR", directory.toString()));
    try (ConnectedDatabase serving = ConnectedDatabase.toServe(own);
        ConnectedDatabase joined = ConnectedDatabase.toJoin(own)) {
      assertThat(joined.pools()).isEmpty();
      assertThat(joined.pool()).isSameAs(joined.pool());
      assertThat(joined.pools()).containsExactly(joined.pool());
      Connections all = serving.connections();
      assertThat(serving.pools()).hasSize(3).contains(serving.pool());
      assertThat(all.pool()).isSameAs(serving.pool());
    }
    SharedServerPrograms.takeFrom(directory);
  }

  @Test
  void the_pools_that_were_opened_are_closed_when_a_later_one_fails() {
    SharedServerPrograms.lendStartedTo(directory, ConnectedDatabaseTest::startOnce);
    Settings own = Settings.from(Map.of("CLAVIGER_DATA_DIR", directory.toString()));
    try (ConnectedDatabase embedded = ConnectedDatabase.toServe(own)) {
      Map<String, String> elsewhere =
          Map.of(
              "DATABASE_URL",
              url(embedded.forMigrations()),
              "CLAVIGER_DIRECT_DATABASE_URL",
              "postgres://u@127.0.0.1:1/x");
      ConnectedDatabase serving = ConnectedDatabase.toServe(Settings.from(elsewhere));
      try (serving) {
        assertThatThrownBy(serving::connections).isInstanceOf(StartRefused.class);
      }
      assertThat(serving.pools()).hasSize(1).allMatch(HikariDataSource::isClosed);
    }
    SharedServerPrograms.takeFrom(directory);
  }

  private static void startOnce(Path data) {
    EmbeddedDatabase.toServe(DataDirectory.open(data)).close();
  }

  private static Settings byUrl(DatabaseAddress address) {
    return Settings.from(Map.of("DATABASE_URL", url(address)));
  }

  private static String url(DatabaseAddress address) {
    Confidential password = address.password().orElseThrow();
    return "postgres://claviger:%s@%s"
        .formatted(password.<String>lend(String::new), address.place());
  }

  private static String database(ConnectedDatabase database) throws SQLException {
    try (Connection connection = database.pool().getConnection()) {
      return connection.getCatalog();
    }
  }
}
