package io.claviger.host;

import io.claviger.domain.accounts.AddressLiteral;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a PostgreSQL database. {@link #toString} leaves out the password and the URL's
 * parameters, because some parameters are secrets too.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}, without user and password
 */
public record DatabaseAddress(
    String jdbcUrl, Optional<String> user, Optional<Confidential> password) {
  /**
   * The driver's parameter for the accepted kind of server, if the address names several servers.
   */
  public static final String SERVER_TYPE = "targetServerType";

  private static final int DEFAULT_PORT = 5432;
  private static final Pattern OTHER_SERVERS =
      Pattern.compile("[?&]" + SERVER_TYPE + "=(?!primary(&|$)|master(&|$))");
  private static final Pattern HOST =
      Pattern.compile("(?<name>\\[[^\\]]*\\]|[^:]*)(?::(?<port>\\d+))?");

  /**
   * Parses a URL in JDBC or libpq syntax.
   *
   * @throws IllegalArgumentException if the URL is invalid; the message is a clause with the
   *     reason, and repeats no text of the URL
   */
  public static DatabaseAddress of(String url) {
    return DatabaseUrl.parse(url);
  }

  /** Returns the host, port and database name, for messages. */
  public String place() {
    int query = jdbcUrl.indexOf('?');
    String place = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    return place.replaceFirst("^jdbc:postgresql://", "");
  }

  /** Whether the URL's parameters allow connections to servers that are not the primary server. */
  public boolean allowsReplicas() {
    return OTHER_SERVERS.matcher(jdbcUrl).find();
  }

  /**
   * Returns the ports of this machine at which the URL reaches the database by a loopback address
   * or {@code localhost}. Does not resolve other host names.
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
    return AddressLiteral.isThisMachine(host)
        || AddressLiteral.parse(AddressLiteral.bare(host))
            .map(InetAddress::isAnyLocalAddress)
            .orElse(false);
  }

  @Override
  public String toString() {
    return "DatabaseAddress[" + place() + "]";
  }
}
