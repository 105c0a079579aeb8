package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** The side of a request on which a user is. */
public enum RequestSide {
  /** Requests that the user made. */
  BY_ME,
  /** Requests that the user may decide, as the owning user or a co-owner of the service. */
  OF_ME;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds the side with this name, or throws {@link InvalidValue}. */
  public static RequestSide of(String wireName) {
    return Arrays.stream(values())
        .filter(side -> side.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("asked", "by_me or of_me"));
  }
}
