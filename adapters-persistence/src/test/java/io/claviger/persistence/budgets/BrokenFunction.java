package io.claviger.persistence.budgets;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A mistake in a function of the database, made on purpose to see that it is noticed. */
public record BrokenFunction(String function, String right, String wrong) {
  /**
   * Replaces the function by the wrong one.
   *
   * @throws IllegalStateException when the function is not as this mistake expects it
   */
  public void install(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      String definition;
      try (ResultSet row =
          statement.executeQuery("select pg_get_functiondef('" + function + "'::regproc)")) {
        boolean unused = row.next();
        definition = row.getString(1);
      }
      if (!definition.contains(right)) {
        throw new IllegalStateException(function + " has no " + right);
      }
      statement.execute(definition.replace(right, wrong));
    }
  }

  @Override
  public String toString() {
    return "%s with \"%s\" for \"%s\"".formatted(function, wrong, right);
  }
}
