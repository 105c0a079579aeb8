package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The side of a request on which a user is. */
public enum RequestSide implements WireNamed {
  /** Requests that the user made. */
  BY_ME,
  /** Requests that the user may decide, as the owning user or a co-owner of the service. */
  OF_ME;

  /** Finds the side with this name, or throws {@link InvalidValue}. */
  public static RequestSide of(String wireName) {
    return WireNamed.of(values(), wireName, "asked");
  }
}
