package io.claviger.application.keys.port;

import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;

/** Decides to which endpoints the gateway may connect. */
@FunctionalInterface
public interface DestinationPolicy {
  /** A policy that knows nothing about endpoints, so its answer is always unknown. */
  DestinationPolicy UNTOLD = (instance, withSecret) -> Reach.UNKNOWN;

  /**
   * Returns whether a call could reach the endpoint of an instance. This method queries no name
   * server and never blocks, so the result is unknown for an endpoint with a host name.
   *
   * @param withSecret whether a call sends a key or the values of custom headers
   */
  Reach judge(KeyedInstance instance, boolean withSecret);

  /**
   * Returns whether tokens could be requested from an address, with the same possible results as
   * for endpoints.
   *
   * @param systemLevel whether the service may reach private addresses
   */
  default Reach judge(TokenUrl url, boolean systemLevel) {
    return Reach.UNKNOWN;
  }
}
