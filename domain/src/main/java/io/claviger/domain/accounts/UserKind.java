package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The kind of a user: a person or a service account. The kind never changes. */
public enum UserKind implements WireNamed {
  /** A person, who can sign in. */
  PERSON,
  /**
   * A service account: a program. A service account can't sign in and is never an administrator,
   * and a person or group is always responsible for it.
   */
  SERVICE;

  /**
   * @throws InvalidValue if no kind has the given name
   */
  public static UserKind of(String wireName) {
    return WireNamed.of(values(), wireName, "kind");
  }
}
