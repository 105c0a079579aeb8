package io.claviger.domain.names;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** Whether requests give the provider an identifier for each caller. */
public enum Attribution {
  ON,
  /** No: identifiers are sent as callers write them. */
  OFF;

  /**
   * @throws InvalidValue if the text is none of the values; the exception names them
   */
  public static Attribution of(String text) {
    return switch (text) {
      case "on" -> ON;
      case "off" -> OFF;
      default -> throw new InvalidValue("attribution", "on or off");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
