package io.claviger.gateway.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves host names. An implementation may block, so it is never called on an event loop. */
@FunctionalInterface
public interface AddressResolver {
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** Returns a resolver that resolves names like the JDK, and with the cache of the JDK. */
  static AddressResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
