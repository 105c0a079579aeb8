package io.claviger.operator;

import io.claviger.domain.accounts.AddressLiteral;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach a PostgreSQL. {@link #toString} shows neither the password nor the URL's parameters,
 * some of which are secrets too.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}, without user and password
 */
public record DatabaseAddress(
    String jdbcUrl, Optional<String> user, Optional<Confidential> password) {
  private static final int DEFAULT_PORT = 5432;
  private static final Pattern HOST =
      Pattern.compile("(?<name>\\[[^\\]]*\\]|[^:]*)(?::(?<port>\\d+))?");

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

  /**
   * Ports of this machine at which it is reached, by a loopback address or {@code localhost}. Other
   * names are not looked up.
   */
  public List<Integer> localPorts() {
    String hosts = place().replaceFirst("/.*", "");
    return Arrays.stream(hosts.split(",", -1))
        .map(HOST::matcher)
        .filter(host -> host.matches() && isLocal(host.group("name")))
        .map(
            host ->
                host.group("port") == null ? DEFAULT_PORT : Integer.parseInt(host.group("port")))
        .toList();
  }

  private static boolean isLocal(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return bare.equalsIgnoreCase("localhost")
        || AddressLiteral.parse(bare)
            .map(address -> address.isLoopbackAddress() || address.isAnyLocalAddress())
            .orElse(false);
  }

  @Override
  public String toString() {
    return "DatabaseAddress[" + place() + "]";
  }
}
