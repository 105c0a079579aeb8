package io.claviger.host;

import io.claviger.domain.accounts.AddressLiteral;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a PostgreSQL database. {@link #toString} shows neither the password nor the URL's
 * parameters, because some parameters are secrets too.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}, without the user and the password
 */
public record DatabaseAddress(
    String jdbcUrl, Optional<String> user, Optional<Confidential> password) {
  /**
   * The driver's parameter that says to which kind of server to connect if there are several
   * servers.
   */
  public static final String SERVER_TYPE = "targetServerType";

  private static final int DEFAULT_PORT = 5432;
  private static final Pattern OTHER_SERVERS =
      Pattern.compile("[?&]" + SERVER_TYPE + "=(?!primary(&|$)|master(&|$))");
  private static final Pattern HOST =
      Pattern.compile("(?<name>\\[[^\\]]*\\]|[^:]*)(?::(?<port>\\d+))?");

  /**
   * Parses a URL in the syntax of JDBC or of libpq.
   *
   * @throws IllegalArgumentException whose message is the reason, as a clause; the message repeats
   *     no text of the URL
   */
  public static DatabaseAddress of(String url) {
    return DatabaseUrl.parse(url);
  }

  /** Returns the host, the port and the name of the database, for use in messages. */
  public String place() {
    int query = jdbcUrl.indexOf('?');
    String place = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    return place.replaceFirst("^jdbc:postgresql://", "");
  }

  /** Whether the parameters of the URL allow connections to a server other than the primary one. */
  public boolean allowsReplicas() {
    return OTHER_SERVERS.matcher(jdbcUrl).find();
  }

  /**
   * The ports of this machine on which the URL reaches the database by a loopback address or by
   * {@code localhost}. Other host names in the URL are not resolved.
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
