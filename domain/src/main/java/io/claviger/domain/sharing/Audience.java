package io.claviger.domain.sharing;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** Says who besides the owner may see and use a thing, such as a service. */
public enum Audience implements WireNamed {
  /**
   * Every user, without a share. Only a thing that belongs to {@code _system} can have this
   * audience.
   */
  EVERYBODY,
  /** The holders of shares. */
  SHARED;

  /**
   * @throws InvalidValue if the text is none of the values; the exception's message lists the
   *     values
   */
  public static Audience of(String text) {
    return WireNamed.of(values(), text, "audience");
  }
}
