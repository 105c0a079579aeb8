package io.claviger.domain.sharing;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** Says who may see and use something besides its owner. */
public enum Audience {
  /**
   * Every user, without a share. Only things that belong to {@code _system} can be for everybody.
   */
  EVERYBODY,
  /** The holders of shares. */
  SHARED;

  /**
   * @throws InvalidValue if the text is none of the values; the exception names them
   */
  public static Audience of(String text) {
    return switch (text) {
      case "everybody" -> EVERYBODY;
      case "shared" -> SHARED;
      default -> throw new InvalidValue("audience", "everybody or shared");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
