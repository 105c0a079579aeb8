package io.claviger.gateway.egress;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressNet;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private hosts to which users' services may connect. The operator sets them as addresses or
 * names, with or without a port, or as address ranges. If the list contains a name, users' services
 * may connect to the private addresses to which the name resolves, because the operator trusts the
 * name server.
 */
public final class AllowedPrivateHosts {
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)\\](?::(\\d{1,5}))?");
  private static final Pattern NAMED =
      Pattern.compile("([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)(?::(\\d{1,5}))?");
  private static final Pattern DIGITS_ONLY = Pattern.compile("[0-9.]+|0[xX].*");

  private final List<Entry> exceptions;

  private AllowedPrivateHosts(List<Entry> exceptions) {
    this.exceptions = exceptions;
  }

  public static AllowedPrivateHosts none() {
    return new AllowedPrivateHosts(List.of());
  }

  /**
   * @param list a text with hosts, such as {@code 127.0.0.1:11434, 10.1.0.0/16, [::1]:8080,
   *     ollama:11434}; may be empty
   * @throws InvalidValue if the list breaks a rule; the message of the exception states the rule
   */
  public static AllowedPrivateHosts of(String list) {
    return new AllowedPrivateHosts(
        Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(AllowedPrivateHosts::exception)
            .toList());
  }

  boolean include(String host, InetAddress address, int port) {
    return exceptions.stream().anyMatch(e -> e.covers(host, address, port));
  }

  private static Entry exception(String entry) {
    Matcher bracketed = BRACKETED.matcher(entry);
    if (bracketed.matches()) {
      return ofRange(bracketed.group(1), port(bracketed.group(2)));
    }
    if (entry.indexOf('/') >= 0 || NetUtil.isValidIpV6Address(entry)) {
      return ofRange(entry, 0);
    }
    Matcher named = NAMED.matcher(entry);
    if (!named.matches()) {
      throw invalid(entry);
    }
    String host = named.group(1).toLowerCase(Locale.ROOT);
    int port = port(named.group(2));
    return NetUtil.isValidIpV4Address(host) || DIGITS_ONLY.matcher(host).matches()
        ? ofRange(host, port)
        : (asked, address, to) -> asked.equals(host) && (port == 0 || port == to);
  }

  private static Entry ofRange(String range, int port) {
    AddressNet addresses = AddressNet.parse(range).orElseThrow(() -> invalid(range));
    return (asked, address, to) -> addresses.contains(address) && (port == 0 || port == to);
  }

  private static int port(String digits) {
    if (digits == null) {
      return 0;
    }
    int port = Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw invalid(digits);
    }
    return port;
  }

  private static InvalidValue invalid(String entry) {
    return new InvalidValue(
        "allowed_private_hosts",
        AddressNet.otherBits(entry)
            .orElse(
                "a comma-separated list of addresses, host names, either with or without a port,"
                    + " and ranges: 127.0.0.1:11434, [::1]:8080, ollama:11434, 10.1.0.0/16"));
  }

  private interface Entry {
    boolean covers(String host, InetAddress address, int port);
  }
}
