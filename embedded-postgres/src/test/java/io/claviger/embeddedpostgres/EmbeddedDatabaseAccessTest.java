package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("journey")
class EmbeddedDatabaseAccessTest {
  @SuppressWarnings("NullAway.Init")
  private static DataDirectory data;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedDatabase database;

  @BeforeAll
  static void start(@TempDir Path directory) {
    SharedServerPrograms.lendTo(
        directory, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    data = DataDirectory.open(directory);
    database = EmbeddedDatabase.toServe(data);
  }

  @AfterAll
  static void stop() {
    database.close();
    SharedServerPrograms.takeFrom(data.path());
  }

  @Test
  void a_server_is_postgresql_18_durable_in_utf_8_and_without_rights_for_its_role()
      throws Exception {
    assertThat(Sql.query(database, "show server_version")).startsWith("18.");
    assertThat(Sql.query(database, "show fsync")).isEqualTo("on");
    assertThat(Sql.query(database, "show server_encoding")).isEqualTo("UTF8");
    assertThat(Sql.query(database, "show listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(
            Sql.query(database, "select rolsuper::text from pg_roles where rolname = current_user"))
        .isEqualTo("false");
  }

  @Test
  void nobody_gets_in_without_the_password() throws Exception {
    String url = database.address().jdbcUrl();
    assertThatThrownBy(() -> Sql.connect(url, "claviger", "wrong").close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    assertThatThrownBy(() -> Sql.connect(url, "postgres", password()).close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
    assertThatThrownBy(
            () ->
                Sql.connect(url.replace("/claviger?", "/postgres?"), "claviger", password())
                    .close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
  }

  @Test
  void the_password_is_in_a_file_for_the_owner_alone_and_the_server_sees_no_environment()
      throws Exception {
    Path file = data.path().resolve("postgres/password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(database.address().toString()).doesNotContain(password());
    Path environment =
        Path.of(
            "/proc/"
                + PostgresProcess.running(ServerFiles.in(data)).orElseThrow().pid()
                + "/environ");
    if (Files.isReadable(environment)) {
      assertThat(Files.readString(environment)).doesNotContain("HOME=", "USER=");
    }
  }

  @Test
  void a_second_server_on_the_directory_is_refused_in_one_line() {
    assertThat(database.address().user()).contains("claviger");
    assertThatThrownBy(() -> EmbeddedDatabase.toServe(data))
        .isInstanceOf(StartRefused.class)
        .hasMessage(
            "another claviger already serves from the data directory %s".formatted(data.path()));
  }

  private static String password() {
    return ServerFiles.in(data).root().read("password").orElseThrow().lend(String::new);
  }
}
