package io.claviger.gateway.egress;

/**
 * The properties of a call that decide which addresses it may connect to.
 *
 * @param systemLevel whether an administrator made the service for everybody
 * @param secretInClear whether a key or another secret would be sent without TLS
 */
public record AddressScope(boolean systemLevel, boolean secretInClear) {
  /** Without a secret in clear text, for a service of a user or anything else that users name. */
  public static final AddressScope OF_USERS = new AddressScope(false, false);

  /** Without a secret in clear text, for what an administrator or the operator names. */
  public static final AddressScope SYSTEM_LEVEL = new AddressScope(true, false);
}
