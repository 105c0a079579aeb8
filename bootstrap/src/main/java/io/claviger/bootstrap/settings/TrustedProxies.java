package io.claviger.bootstrap.settings;

import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.AddressNets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads which addresses are trusted with forwarding headers. There are none unless the operator
 * lists them. Host names are refused, because whoever controls a name's DNS entry would be trusted.
 */
final class TrustedProxies {
  private static final String HEADER = "CLAVIGER_CLIENT_CERT_HEADER";
  private static final String NAME = "CLAVIGER_TRUSTED_PROXIES";

  private TrustedProxies() {}

  /** Reads the name of the header in which trusted proxies pass on certificates. */
  static Optional<String> certificateHeader(Environment environment) {
    Optional<String> name = environment.text(HEADER);
    if (name.isPresent() && !name.get().matches("[A-Za-z0-9][A-Za-z0-9-]{0,63}")) {
      environment.fault(HEADER, "must be the name of a header, such as Client-Cert");
    } else if (name.isPresent() && !environment.isSet(NAME)) {
      environment.fault(HEADER, "needs " + NAME + ": only these may name certificates");
    }
    return name;
  }

  static AddressNets read(Environment environment) {
    List<AddressNet> nets = new ArrayList<>();
    for (String text : environment.list(NAME)) {
      Optional<AddressNet> net = AddressNet.parse(text).filter(one -> !one.isEverything());
      if (net.isEmpty()) {
        environment.fault(
            NAME,
            AddressNet.otherBits(text)
                .map(why -> "is not understood: " + why)
                .orElse(
                    "must be addresses or nets such as 10.1.0.0/16, separated by commas: no names,"
                        + " and not all addresses"));
        break;
      }
      nets.add(net.get());
    }
    return new AddressNets(nets);
  }
}
