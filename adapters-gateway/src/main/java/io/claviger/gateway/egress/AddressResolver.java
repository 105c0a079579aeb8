package io.claviger.gateway.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves host names. An implementation can block, so it is never called on an event loop. */
@FunctionalInterface
public interface AddressResolver {
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** Returns the JDK's resolver, which uses the JDK's cache. */
  static AddressResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
