package io.claviger.bootstrap.settings;

import java.util.Optional;

/**
 * How to reach a PostgreSQL. {@link #toString} shows neither the password nor the URL's parameters,
 * some of which are secrets too.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}, without user and password
 */
public record DatabaseAddress(
    String jdbcUrl, Optional<String> user, Optional<Confidential> password) {

  /**
   * Reads a URL in the spelling of JDBC or of libpq.
   *
   * @throws IllegalArgumentException with what is wrong, as a clause without any of the URL's text
   */
  public static DatabaseAddress of(String url) {
    return DatabaseUrl.parse(url);
  }

  /** Host, port and database, fit for a message. */
  public String place() {
    int query = jdbcUrl.indexOf('?');
    String place = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    return place.replaceFirst("^jdbc:postgresql://", "");
  }

  @Override
  public String toString() {
    return "DatabaseAddress[" + place() + "]";
  }
}
