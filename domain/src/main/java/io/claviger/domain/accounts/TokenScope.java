package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The most that a token may do. The rights of the token's user limit the token too. */
public enum TokenScope implements WireNamed {
  /** Allows everything that its user may do. */
  MANAGE,
  /**
   * Allows calls through the gateway, and allows reading which things the user may use. Allows no
   * changes.
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
