package io.claviger.application.keys.port;

import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;

/** Decides to which endpoints the gateway may connect. */
@FunctionalInterface
public interface DestinationPolicy {
  /** A policy that always answers {@link Reach#UNKNOWN}. */
  DestinationPolicy UNTOLD = (instance, withSecret) -> Reach.UNKNOWN;

  /**
   * Returns whether a call may connect to the endpoint of an instance. This method queries no name
   * server and never blocks. For an endpoint with a host name, the result is therefore unknown.
   *
   * @param withSecret whether a call sends a key or the values of custom headers
   */
  Reach judge(KeyedInstance instance, boolean withSecret);

  /**
   * Returns whether tokens may be requested from an address. The possible results are the same as
   * for endpoints.
   *
   * @param systemLevel whether the service may reach private addresses
   */
  default Reach judge(TokenUrl url, boolean systemLevel) {
    return Reach.UNKNOWN;
  }
}
