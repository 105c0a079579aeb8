package io.claviger.bootstrap.settings;

import io.claviger.domain.accounts.AddressLiteral;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses whose forwarding headers are trusted. There are none unless the operator lists
 * them. Host names are refused, because whoever controls the name's DNS entry would be trusted.
 */
public record TrustedProxies(Set<InetAddress> addresses) {
  public TrustedProxies {
    addresses = Set.copyOf(addresses);
  }

  static TrustedProxies read(Environment environment) {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (String text : environment.list("CLAVIGER_TRUSTED_PROXIES")) {
      Optional<InetAddress> address = AddressLiteral.parse(text);
      if (address.isEmpty()) {
        environment.fault(
            "CLAVIGER_TRUSTED_PROXIES", "must be addresses, separated by commas: no names or nets");
        break;
      }
      addresses.add(address.get());
    }
    return new TrustedProxies(addresses);
  }
}
