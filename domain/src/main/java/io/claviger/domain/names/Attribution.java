package io.claviger.domain.names;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** Whether requests give the provider an identifier for each caller. */
public enum Attribution implements WireNamed {
  ON,
  /** Callers are not identified. Identifiers are sent as callers write them. */
  OFF;

  /**
   * @throws InvalidValue if the text is not one of the allowed values; the exception lists the
   *     allowed values
   */
  public static Attribution of(String text) {
    return WireNamed.of(values(), text, "attribution");
  }
}
