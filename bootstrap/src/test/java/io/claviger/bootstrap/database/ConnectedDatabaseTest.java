package io.claviger.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.settings.Settings;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.operator.Confidential;
import io.claviger.operator.DataDirectory;
import io.claviger.operator.DatabaseAddress;
import io.claviger.operator.StartRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectedDatabaseTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void without_a_url_it_is_the_embedded_one_and_with_its_url_the_same() throws SQLException {
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
  }

  private static Settings byUrl(DatabaseAddress address) {
    Confidential password = address.password().orElseThrow();
    return Settings.from(
        Map.of(
            "DATABASE_URL",
            "postgres://claviger:%s@%s"
                .formatted(password.<String>lend(String::new), address.place())));
  }

  private static String database(ConnectedDatabase database) throws SQLException {
    try (Connection connection = database.pool().getConnection()) {
      return connection.getCatalog();
    }
  }
}
