package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** The state of a request. All states but the first are final. */
public enum RequestState {
  OPEN,
  GRANTED,
  DECLINED,
  WITHDRAWN;

  /** The name in JSON and in the database, such as {@code open}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds the state with this name, or throws {@link InvalidValue}. */
  public static RequestState of(String wireName) {
    return Arrays.stream(values())
        .filter(state -> state.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("state", "open, granted, declined or withdrawn"));
  }
}
