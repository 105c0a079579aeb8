package io.claviger.domain.sharing;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** Says who may see and use something besides its owner. */
public enum Audience implements WireNamed {
  /** Every user, without a share. Only things of {@code _system} can be for everybody. */
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
