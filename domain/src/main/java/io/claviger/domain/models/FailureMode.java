package io.claviger.domain.models;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** The behaviour when the first target of a model fails. */
public enum FailureMode {
  /** The caller gets the failure. */
  NONE,
  /** The next target is tried if it is certain that the provider did not carry out the call. */
  NEXT;

  /** The stored and shown name, such as {@code next}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static FailureMode of(String name) {
    for (FailureMode mode : values()) {
      if (mode.wireName().equals(name)) {
        return mode;
      }
    }
    throw new InvalidValue("on_failure", "none or next");
  }
}
