package io.claviger.bootstrap.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The addresses whose forwarding headers are believed; none unless the operator names them. */
public record TrustedProxies(Set<InetAddress> addresses) {
  // Only what can't be a name: a name would be looked up, and whoever answers would be trusted.
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  public TrustedProxies {
    addresses = Set.copyOf(addresses);
  }

  static TrustedProxies read(Environment environment) {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (String text : environment.list("CLAVIGER_TRUSTED_PROXIES")) {
      Optional<InetAddress> address = literal(text);
      if (address.isEmpty()) {
        environment.fault(
            "CLAVIGER_TRUSTED_PROXIES", "must be addresses, separated by commas: no names or nets");
        break;
      }
      addresses.add(address.get());
    }
    return new TrustedProxies(addresses);
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return LITERAL.matcher(text).matches()
          ? Optional.of(InetAddress.getByName(text))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
