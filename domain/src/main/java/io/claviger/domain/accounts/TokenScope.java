package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/**
 * The scope of a token limits the actions that the token allows. The rights of the token's user
 * limit these actions too.
 */
public enum TokenScope implements WireNamed {
  /** Allows everything that the token's user may do. */
  MANAGE,
  /**
   * Allows calls through the gateway, and lets the holder read which services and other resources
   * the user may use. The holder can create narrower tokens, but can't change anything else.
   */
  USE;

  /**
   * Returns the scope with a name.
   *
   * @throws InvalidValue when there is no such scope
   */
  public static TokenScope of(String name) {
    return WireNamed.of(values(), name, "scope");
  }
}
