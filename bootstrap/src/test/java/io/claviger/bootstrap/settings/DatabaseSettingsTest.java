package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.host.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {

  @Test
  void without_a_url_the_embedded_database_is_meant() {
    assertThat(Settings.from(Map.of()).database().given()).isEmpty();
    assertThat(Settings.from(Map.of("DATABASE_URL", " ")).database().given()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db:5433/x?user=u&password=p%40, jdbc:postgresql://db:5433/x, u, p@",
    "jdbc:postgresql://db/x?password=a+b&user=u&sslmode=require,"
        + " jdbc:postgresql://db/x?sslmode=require, u, a b",
    "postgres://u:p@db/x, jdbc:postgresql://db/x, u, p",
    "postgresql://u:p@db:5433/x, jdbc:postgresql://db:5433/x, u, p",
    "postgres://a%3Ab:p%2F%40%3Aq+@db/x, jdbc:postgresql://db/x, a:b, p/@:q+",
    "postgres://u:p@[::1]:5433/x, jdbc:postgresql://[::1]:5433/x, u, p",
    "postgres://u:p@db/my%20base, jdbc:postgresql://db/my%20base, u, p",
    "postgres://u:p@db/x?sslmode=require&application_name=a%20b,"
        + " jdbc:postgresql://db/x?sslmode=require&ApplicationName=a+b, u, p",
    "postgres://db/x?user=u&password=p+p, jdbc:postgresql://db/x, u, p+p",
    "jdbc:postgresql://u:p@db/x, jdbc:postgresql://db/x, u, p"
  })
  void both_spellings_become_a_jdbc_url_with_user_and_password_apart(
      String given, String jdbc, String user, String password) {
    DatabaseAddress address = address(given);
    assertThat(address.jdbcUrl()).isEqualTo(jdbc);
    assertThat(address.user()).contains(user);
    assertThat(address.password().map(p -> p.<String>lend(String::new))).contains(password);
  }

  @Test
  void the_url_may_stand_in_a_file(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("url"), "postgres://u:hunter2@db/x\n");
    Map<String, String> environment =
        Map.of(
            "DATABASE_URL_FILE", file.toString(),
            "CLAVIGER_MIGRATION_DATABASE_URL_FILE", file.toString());
    Settings settings = Settings.from(environment);
    assertThat(settings.database().given().map(DatabaseAddress::place)).contains("db/x");
    assertThat(settings.database().forMigrations()).isPresent();
    assertThat(settings.secretFiles()).containsOnlyKeys(environment.keySet());
    assertThatThrownBy(() -> Settings.forServing(environment))
        .hasMessageContaining("ENCRYPTION_KEY or ENCRYPTION_KEY_FILE is needed");
    assertThat(
            Faults.of(
                Map.of("DATABASE_URL", "postgres://db/x", "DATABASE_URL_FILE", file.toString())))
        .containsExactly("DATABASE_URL and DATABASE_URL_FILE are both set: leave one");
    assertThat(Faults.of("DATABASE_URL_FILE", "/nowhere/hunter2"))
        .containsExactly("DATABASE_URL_FILE names a file that is not there or can't be read");
  }

  @Test
  void several_hosts_may_be_named() {
    assertThat(address("postgres://a:1,b:2/x").jdbcUrl()).isEqualTo("jdbc:postgresql://a:1,b:2/x");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://127.0.0.1:5433/x, 5433",
    "postgres://localhost/x, 5432",
    "postgres://[::1]:5434/x, 5434",
    "postgres:///x, 5432",
    "'postgres://db:1,LOCALHOST:2,10.0.0.1:3,127.0.0.9:4/x', '2 4'",
    "postgres://db:5433/localhost:9, ''"
  })
  void ports_of_this_machine_are_known_without_a_look_up(String url, String ports) {
    assertThat(address(url).localPorts())
        .extracting(String::valueOf)
        .isEqualTo(ports.isEmpty() ? List.of() : List.of(ports.split(" ")));
  }

  @Test
  void user_and_password_may_be_left_to_the_driver() {
    DatabaseAddress address = address("jdbc:postgresql://db/x");
    assertThat(address.user()).isEmpty();
    assertThat(address.password()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:hunter2@db/x",
        "jdbc:mysql://u:hunter2@db/x",
        "db:5432/x",
        "postgres://u:hunter2@db:0/x",
        "postgres://u:hunter2@db:70000/x",
        "postgres://u:hunter2%zz@db/x",
        "postgres://u:hunter2@db/x%",
        "postgres://u:hunter2@db/x?a=%1",
        "postgres://u:hunter2@db@x/y",
        "postgres:///x?host=/run/hunter2",
        "postgres://u:hunter2@d b/x",
        "postgres://u:hunter2@db/x#hunter2"
      })
  void what_is_not_a_database_url_is_refused_without_repeating_it(String url) {
    List<String> faults = Faults.of("DATABASE_URL", url);
    assertThat(faults).singleElement().asString().startsWith("DATABASE_URL ");
    assertThat(faults.getFirst()).doesNotContain("hunter2");
  }

  @Test
  void no_text_of_an_address_shows_the_password_or_a_parameter() {
    Settings settings =
        Settings.from(Map.of("DATABASE_URL", "postgres://u:hunter2@db/x?sslpassword=swordfish"));
    assertThat(settings.toString()).contains("db/x").doesNotContain("hunter2", "swordfish");
  }

  @Test
  void the_pool_holds_10_connections_unless_told() {
    assertThat(Settings.from(Map.of()).database().poolSize()).isEqualTo(10);
    assertThat(Settings.from(Map.of("CLAVIGER_DATABASE_POOL", "3")).database().poolSize())
        .isEqualTo(3);
    assertThat(Faults.of("CLAVIGER_DATABASE_POOL", "0"))
        .containsExactly("CLAVIGER_DATABASE_POOL must be a whole number from 1 to 1000");
  }

  @Test
  void the_migration_url_needs_the_database_url() {
    String url = "postgres://owner:p@db/x";
    assertThat(Faults.of("CLAVIGER_MIGRATION_DATABASE_URL", url))
        .containsExactly("CLAVIGER_MIGRATION_DATABASE_URL has no meaning without DATABASE_URL");
    Settings settings =
        Settings.from(
            Map.of(
                "DATABASE_URL",
                "postgres://u:p@db/x",
                "CLAVIGER_MIGRATION_DATABASE_URL",
                "postgres://owner:p@db/x"));
    assertThat(settings.database().forMigrations().flatMap(DatabaseAddress::user))
        .contains("owner");
  }

  @Test
  void the_direct_url_needs_the_database_url() {
    String url = "postgres://u:p@db:5432/x";
    assertThat(Faults.of("CLAVIGER_DIRECT_DATABASE_URL", url))
        .containsExactly("CLAVIGER_DIRECT_DATABASE_URL has no meaning without DATABASE_URL");
    Settings settings =
        Settings.from(
            Map.of(
                "DATABASE_URL",
                "postgres://u:p@pooler:6432/x",
                "CLAVIGER_DIRECT_DATABASE_URL",
                url));
    assertThat(settings.database().direct().map(DatabaseAddress::place)).contains("db:5432/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://a,b/x?target_session_attrs=any",
        "postgres://a,b/x?target_session_attrs=standby",
        "postgres://a,b/x?target_session_attrs=prefer-standby",
        "postgres://a,b/x?target_session_attrs=read-only",
        "jdbc:postgresql://a,b/x?sslmode=require&targetServerType=preferSecondary",
        "jdbc:postgresql://a,b/x?targetServerType=any",
        "jdbc:postgresql://a,b/x?targetServerType=primaryish"
      })
  void replicas_are_not_read(String url) {
    assertThat(Faults.of("DATABASE_URL", url))
        .containsExactly(
            "DATABASE_URL allows replicas, whose answers are late: targetServerType must be"
                + " primary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "postgres://a,b/x?target_session_attrs=read-write"
            + " jdbc:postgresql://a,b/x?targetServerType=primary",
        "postgres://a,b/x?target_session_attrs=primary"
            + " jdbc:postgresql://a,b/x?targetServerType=primary",
        "jdbc:postgresql://a,b/x?targetServerType=primary&sslmode=require"
            + " jdbc:postgresql://a,b/x?targetServerType=primary&sslmode=require"
      })
  void the_primary_of_several_servers_may_be_asked_for(String url, String jdbc) {
    assertThat(address(url).jdbcUrl()).isEqualTo(jdbc);
  }

  @Test
  void without_the_embedded_database_an_address_is_needed() {
    assertThat(Faults.of("CLAVIGER_EMBEDDED_DATABASE", "off"))
        .containsExactly("DATABASE_URL is needed, because CLAVIGER_EMBEDDED_DATABASE is off");
    assertThat(
            Settings.from(
                    Map.of(
                        "DATABASE_URL", "postgres://u:p@db/x", "CLAVIGER_EMBEDDED_DATABASE", "off"))
                .database()
                .given())
        .isPresent();
    assertThat(Faults.of("CLAVIGER_EMBEDDED_DATABASE", "no"))
        .containsExactly("CLAVIGER_EMBEDDED_DATABASE must be one of on, off");
  }

  private static DatabaseAddress address(String url) {
    return Settings.from(Map.of("DATABASE_URL", url)).database().given().orElseThrow();
  }
}
