package io.claviger.application.keys.port;

import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;

/** Says which endpoints the gateway connects to. */
@FunctionalInterface
public interface DestinationPolicy {
  /** Knows nothing about any endpoint. */
  DestinationPolicy UNTOLD = (instance, withSecret) -> Reach.UNKNOWN;

  /**
   * Says whether a call could reach the endpoint of an instance. Asks no name server and never
   * blocks, so it does not know about an endpoint that is given by a name.
   *
   * @param withSecret whether a call sends a key or the values of custom headers
   */
  Reach judge(KeyedInstance instance, boolean withSecret);

  /**
   * Says whether tokens could be asked for at an address, in the same way.
   *
   * @param systemLevel whether the service may reach private addresses
   */
  default Reach judge(TokenUrl url, boolean systemLevel) {
    return Reach.UNKNOWN;
  }
}
