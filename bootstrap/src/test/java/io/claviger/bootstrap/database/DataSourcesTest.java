package io.claviger.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class DataSourcesTest {
  @TempDir private static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() {
    Path data = directory.resolve("data");
    SharedServerPrograms.lendStartedTo(
        data, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    database = EmbeddedDatabase.toServe(DataDirectory.open(data));
  }

  @AfterAll
  static void stop() {
    database.close();
    SharedServerPrograms.takeFrom(directory.resolve("data"));
  }

  @Test
  void a_pool_gives_working_connections_and_shows_no_password() throws Exception {
    try (HikariDataSource pool = DataSources.pool(database.address(), 2, false);
        Connection connection = pool.getConnection()) {
      assertThat(connection.isValid(1)).isTrue();
      assertThat(pool.getMaximumPoolSize()).isEqualTo(2);
    }
  }

  /** Also errors of migrations, which are logged by another library. */
  @Test
  void errors_quote_no_rows() throws Exception {
    try (HikariDataSource pool = DataSources.patient(database.address(), 1);
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("create temporary table errors (name text unique)");
      assertThatThrownBy(
              () -> statement.executeUpdate("insert into errors values ('carol'), ('carol')"))
          .hasMessageContaining("errors_name_key")
          .message()
          .doesNotContain("carol");
    }
  }

  /** Other nodes may wait for its locks. */
  @Test
  void the_database_ends_a_transaction_of_a_node_that_hangs() throws Exception {
    try (HikariDataSource pool = DataSources.pool(database.address(), 1, false);
        HikariDataSource removing = DataSources.removing(database.address());
        Connection connection = pool.getConnection();
        Connection ofRemoving = removing.getConnection()) {
      assertThat(longestIdle(connection)).isEqualTo("1min");
      assertThat(longestIdle(ofRemoving)).isEqualTo("1min");
    }
  }

  @Test
  void connections_of_a_pooler_keep_the_settings_that_they_have() throws Exception {
    try (HikariDataSource pool = DataSources.pool(database.address(), 1, true);
        Connection connection = pool.getConnection()) {
      assertThat(longestIdle(connection)).isEqualTo("0");
    }
  }

  @Test
  void an_operator_may_set_another_time_after_which_the_database_ends_a_transaction()
      throws Exception {
    try (HikariDataSource pool = DataSources.pool(endingAfter("20s"), 1, false);
        Connection connection = pool.getConnection()) {
      assertThat(longestIdle(connection)).isEqualTo("20s");
    }
  }

  /** While migrations run, the transaction that holds the lock for them does nothing. */
  @Test
  void a_long_upgrade_is_not_ended_by_a_time_that_an_operator_has_set() throws Exception {
    try (HikariDataSource patient = DataSources.patient(endingAfter("20s"), 1);
        Connection connection = patient.getConnection()) {
      assertThat(longestIdle(connection)).isEqualTo("0");
      connection.setAutoCommit(false);
      connection.rollback();
      assertThat(longestIdle(connection)).isEqualTo("0");
    }
  }

  private static DatabaseAddress endingAfter(String time) {
    return new DatabaseAddress(
        database.address().jdbcUrl() + "&options=-c%20idle_in_transaction_session_timeout=" + time,
        database.address().user(),
        database.address().password());
  }

  private static String longestIdle(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show idle_in_transaction_session_timeout")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @Test
  void a_wrong_password_is_one_line_that_does_not_repeat_it() {
    DatabaseAddress wrong =
        new DatabaseAddress(
            database.address().jdbcUrl(),
            database.address().user(),
            Optional.of(Confidential.of("hunter2")));
    assertRefused(wrong, "refuses the user or the password");
  }

  @Test
  void a_server_that_wants_a_password_or_has_no_tls_is_not_said_to_be_out_of_reach() {
    String url = database.address().jdbcUrl();
    assertRefused(
        new DatabaseAddress(url, database.address().user(), Optional.empty()),
        "can't be used: The server requested SCRAM-based authentication, but no password");
    assertRefused(
        new DatabaseAddress(
            url.replace("sslmode=disable", "sslmode=require"),
            database.address().user(),
            database.address().password()),
        "can't be used: The server does not support SSL");
  }

  @Test
  void a_database_that_is_not_let_in_to_is_one_line() {
    String url = database.address().jdbcUrl().replace("/claviger?", "/other?");
    assertRefused(
        new DatabaseAddress(url, database.address().user(), database.address().password()),
        "does not let this user in from here: look at the server's pg_hba.conf");
  }

  @Test
  void a_database_out_of_reach_is_one_line() {
    int closed = LocalHttp.freePort();
    DatabaseAddress nobody =
        Settings.from(Map.of("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:" + closed + "/x"))
            .database()
            .given()
            .orElseThrow();
    assertRefused(nobody, "can't be reached: Connection refused");
  }

  /** The driver refuses it before it connects, with the SQLSTATE of a server out of reach. */
  @Test
  void a_mode_of_tls_that_does_not_exist_is_named() {
    String url = database.address().jdbcUrl().replace("sslmode=disable", "sslmode=requre");
    assertRefused(
        new DatabaseAddress(url, database.address().user(), database.address().password()),
        "can't be used: Invalid sslmode value: requre");
  }

  @Test
  void a_server_that_accepts_and_says_nothing_is_given_up() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DatabaseAddress address =
          new DatabaseAddress(
              "jdbc:postgresql://127.0.0.1:%d/x".formatted(silent.getLocalPort()),
              Optional.of("u"),
              Optional.of(Confidential.of("hunter2")));
      assertRefused(
          address,
          "can't be reached: it does not answer in time; if there is a pooler such as PgBouncer, it"
              + " might have no connection left");
    }
  }

  /** The server has answered by then, so nobody should look for a fault of the network. */
  @Test
  void a_certificate_that_can_not_be_checked_says_why() throws Exception {
    try (ServerSocket speaking = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.ofPlatform().daemon().start(() -> agreeToTls(speaking));
      assertRefused(
          new DatabaseAddress(
              "jdbc:postgresql://127.0.0.1:%d/x?sslmode=verify-full&sslrootcert=%s"
                  .formatted(speaking.getLocalPort(), directory.resolve("absent.pem")),
              Optional.of("u"),
              Optional.of(Confidential.of("hunter2"))),
          "can't be used: Could not open SSL root certificate file " + directory);
      server.join();
    }
  }

  /** Accepts a connection, and agrees to its request for TLS as PostgreSQL does. */
  private static void agreeToTls(ServerSocket server) {
    try (Socket connection = server.accept()) {
      byte[] request = connection.getInputStream().readNBytes(8);
      connection.getOutputStream().write(request.length == 8 ? 'S' : 'N');
      int unused = connection.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertRefused(DatabaseAddress address, String reason) {
    assertThatThrownBy(() -> LoginAttempt.checked(address))
        .isInstanceOfSatisfying(
            StartRefused.class,
            refused ->
                assertThat(refused.lines())
                    .singleElement()
                    .asString()
                    .contains(reason)
                    .doesNotContain("hunter2", "\n"));
  }
}
