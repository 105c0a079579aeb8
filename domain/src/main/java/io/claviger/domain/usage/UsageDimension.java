package io.claviger.domain.usage;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** The dimensions by which sums of usage can be broken down. */
public enum UsageDimension {
  DAY,
  USER,
  SERVICE,
  PROJECT,
  /** The source of keys. */
  SOURCE,
  MODEL;

  /** The name in queries, such as {@code day}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a dimension by its name.
   *
   * @throws InvalidValue when there is none
   */
  public static UsageDimension of(String wireName) {
    for (UsageDimension each : values()) {
      if (each.wireName().equals(wireName)) {
        return each;
      }
    }
    throw new InvalidValue("by", "day, user, service, project, source and model, with commas");
  }
}
