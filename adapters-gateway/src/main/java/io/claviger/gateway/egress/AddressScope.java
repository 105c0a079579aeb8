package io.claviger.gateway.egress;

/**
 * The properties of a call that decide to which addresses the gateway may connect.
 *
 * @param systemLevel whether the service is system-level, which means that an administrator created
 *     it for everybody
 * @param secretInClear whether a key or another secret would be sent without TLS
 */
public record AddressScope(boolean systemLevel, boolean secretInClear) {
  /**
   * The scope for users' services and other hosts that users configure, if no secret is sent in
   * clear text.
   */
  public static final AddressScope OF_USERS = new AddressScope(false, false);

  /**
   * The scope for hosts that an administrator or the operator configures, if no secret is sent in
   * clear text.
   */
  public static final AddressScope SYSTEM_LEVEL = new AddressScope(true, false);

  /** Written by hand for speed, because each call compares addresses with their scopes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof AddressScope scope
        && systemLevel == scope.systemLevel
        && secretInClear == scope.secretInClear;
  }

  @Override
  public int hashCode() {
    return (systemLevel ? 2 : 0) + (secretInClear ? 1 : 0);
  }
}
