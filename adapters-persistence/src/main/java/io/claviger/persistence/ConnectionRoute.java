package io.claviger.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds out to which database connections lead, and whether they lead through a pooler. */
public final class ConnectionRoute {
  /**
   * The maximum number of times that two sessions are compared in order to find out whether a
   * pooler shares sessions.
   */
  private static final int ATTEMPTS = 5;

  private ConnectionRoute() {}

  /**
   * Returns whether two data sources connect to the same database, even if they use different
   * roles.
   */
  public static boolean isSameDatabase(DataSource one, DataSource other) {
    return identity(one).equals(identity(other));
  }

  private static String identity(DataSource source) {
    return JdbcClient.create(source)
        .sql(
            """
            select concat_ws(' ', current_database(), extract(epoch from pg_postmaster_start_time()))
            """)
        .query(String.class)
        .single();
  }

  /**
   * Returns whether there seems to be a pooler such as PgBouncer between this program and the
   * server. A pooler sends a client's statements over the pooler's own connections. So the id of
   * the backend process differs, depending on whether the pooler or the server states it.
   */
  public static boolean isBehindPooler(DataSource source) {
    return Boolean.TRUE.equals(
        new JdbcTemplate(source)
            .execute(
                (Connection connection) -> {
                  try (Statement statement = connection.createStatement();
                      ResultSet answer = statement.executeQuery("select pg_backend_pid()")) {
                    int stated = connection.unwrap(PGConnection.class).getBackendPID();
                    return answer.next() && answer.getInt(1) != stated;
                  }
                }));
  }

  /**
   * Returns whether a pooler between this program and the server lends each connection only for one
   * transaction or statement, so that settings of a session reach other sessions. On a busy pooler,
   * this method can return false although the pooler lends its connections in this way. If there is
   * no pooler, this method returns false.
   *
   * @param source a source that can provide two connections at the same time
   */
  public static boolean sharesSessions(DataSource source) {
    String mark = UUID.randomUUID().toString();
    return Boolean.TRUE.equals(
        new JdbcTemplate(source)
            .execute(
                (Connection one) -> {
                  try (Connection other = source.getConnection();
                      PreparedStatement set =
                          one.prepareStatement("select set_config('claviger.session', ?, false)");
                      PreparedStatement get =
                          other.prepareStatement(
                              "select current_setting('claviger.session', true)")) {
                    boolean shared = false;
                    for (int n = 0; n < ATTEMPTS && !shared; n++) {
                      // A pooler lends the connection that was returned last. So each attempt sets
                      // the value again shortly before the other session reads it.
                      set.setString(1, mark);
                      shared = set.execute() && mark.equals(text(get));
                    }
                    set.setString(1, "");
                    return set.execute() && shared;
                  }
                }));
  }

  private static @Nullable String text(PreparedStatement query) throws SQLException {
    try (ResultSet answer = query.executeQuery()) {
      return answer.next() ? answer.getString(1) : null;
    }
  }
}
