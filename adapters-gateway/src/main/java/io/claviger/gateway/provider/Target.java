package io.claviger.gateway.provider;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.destination.Reach;

/**
 * Where a connection goes, and under which rule it was judged. Connections are shared only between
 * calls for which both are equal.
 */
public record Target(boolean tls, String host, int port, Reach reach) {

  /**
   * @param carriesSecret whether a key or custom header goes along
   */
  public static Target of(Endpoint endpoint, boolean systemLevel, boolean carriesSecret) {
    boolean inClear = carriesSecret && !endpoint.isTls();
    return new Target(
        endpoint.isTls(), endpoint.host(), endpoint.port(), new Reach(systemLevel, inClear));
  }

  /** The host as names and addresses are looked up and verified: without an address's brackets. */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
