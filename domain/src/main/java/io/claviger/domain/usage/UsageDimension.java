package io.claviger.domain.usage;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The dimensions by which usage can be grouped. */
public enum UsageDimension implements WireNamed {
  DAY,
  USER,
  SERVICE,
  PROJECT,
  /** The source of the key with which the call was made. */
  SOURCE,
  MODEL,
  /** The model that answered, if it is not the called model. */
  ANSWERED_MODEL,
  SERVICE_TIER;

  /** Finds the dimension with the given name, or throws {@link InvalidValue}. */
  public static UsageDimension of(String wireName) {
    return WireNamed.find(values(), wireName)
        .orElseThrow(
            () ->
                new InvalidValue(
                    "by",
                    "day, user, service, project, source, model, answered_model and service_tier,"
                        + " with commas"));
  }
}
