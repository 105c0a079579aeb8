package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** The most that a token may do. The rights of the token's user limit the token too. */
public enum TokenScope {
  /** Allows everything that its user may do. */
  MANAGE,
  /** Allows calls through the gateway and reading what the user may use. Allows no changes. */
  USE;

  /**
   * Returns the scope with a name.
   *
   * @throws InvalidValue when there is no such scope
   */
  public static TokenScope of(String name) {
    return switch (name) {
      case "manage" -> MANAGE;
      case "use" -> USE;
      default -> throw new InvalidValue("scope", "manage or use");
    };
  }

  /** The scope's name in the API, on pages and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a token of this scope may create a token of the other scope. No token can create a
   * token that may do more than itself.
   */
  public boolean mayCreate(TokenScope other) {
    return this == MANAGE || other == USE;
  }
}
