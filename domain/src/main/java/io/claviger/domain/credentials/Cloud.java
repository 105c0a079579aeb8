package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** A cloud that gives its machines and pods an identity. */
public enum Cloud {
  AWS,
  GOOGLE,
  AZURE;

  /**
   * @throws InvalidValue naming the allowed values
   */
  public static Cloud of(String text) {
    return switch (text) {
      case "aws" -> AWS;
      case "google" -> GOOGLE;
      case "azure" -> AZURE;
      default -> throw new InvalidValue("cloud", "aws, google, azure");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
