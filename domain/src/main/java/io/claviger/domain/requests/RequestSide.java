package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The two sides of a request: the user who asked, and the users who decide. */
public enum RequestSide implements WireNamed {
  /** Requests that the user made. */
  BY_ME,
  /** Requests about which the user may decide as the service's owning user or co-owner. */
  OF_ME;

  /** Finds the side with the given name, or throws {@link InvalidValue}. */
  public static RequestSide of(String wireName) {
    return WireNamed.of(values(), wireName, "asked");
  }
}
