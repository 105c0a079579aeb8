package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** What a user is. It never changes. */
public enum UserKind {
  /** Somebody who can sign in. */
  PERSON,
  /**
   * A service account: a program. It can't sign in, is never an administrator, and always has a
   * person or group that is responsible for it.
   */
  SERVICE;

  /**
   * @throws InvalidValue if the text is the name of none
   */
  public static UserKind of(String wireName) {
    return switch (wireName) {
      case "person" -> PERSON;
      case "service" -> SERVICE;
      default -> throw new InvalidValue("kind", "person or service");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
