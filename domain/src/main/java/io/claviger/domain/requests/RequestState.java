package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The state of a request. All states except the first are final. */
public enum RequestState implements WireNamed {
  OPEN,
  GRANTED,
  DECLINED,
  WITHDRAWN;

  /** Finds the state with the given name, or throws {@link InvalidValue}. */
  public static RequestState of(String wireName) {
    return WireNamed.of(values(), wireName, "state");
  }
}
