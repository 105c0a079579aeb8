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
  MODEL,
  /** The model that answered, if it is not the called one. */
  ANSWERED_MODEL,
  SERVICE_TIER;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds the dimension with this name, or throws {@link InvalidValue}. */
  public static UsageDimension of(String wireName) {
    for (UsageDimension each : values()) {
      if (each.wireName().equals(wireName)) {
        return each;
      }
    }
    throw new InvalidValue(
        "by",
        "day, user, service, project, source, model, answered_model and service_tier, with commas");
  }
}
