package io.claviger.domain.names;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The setting that decides whether requests tell the provider an identifier of the caller. */
public enum Attribution implements WireNamed {
  ON,
  /** Claviger does not identify callers. Identifiers that callers write are sent unchanged. */
  OFF;

  /**
   * @throws InvalidValue if the text is not one of the allowed values; the exception lists the
   *     allowed values
   */
  public static Attribution of(String text) {
    return WireNamed.of(values(), text, "attribution");
  }
}
