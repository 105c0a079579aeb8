package io.claviger.domain;

/** The name that is shown to people instead of a handle: one line of 1 to 200 characters. */
public record DisplayName(String value) {
  public static final int MAX_LENGTH = 200;

  public DisplayName {
    if (value.isBlank() || !Characters.isAtMost(MAX_LENGTH, value) || !Characters.isLine(value)) {
      throw new InvalidValue("display_name", "one line of 1 to 200 characters");
    }
  }
}
