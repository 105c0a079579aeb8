package io.claviger.gateway.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Names to addresses. May block: it is never asked on an event loop. */
@FunctionalInterface
public interface AddressResolver {
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** As the JDK does, with its cache. */
  static AddressResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
