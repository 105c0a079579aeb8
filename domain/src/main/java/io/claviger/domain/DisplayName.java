package io.claviger.domain;

/** What people read instead of a handle: one line of 1 to 200 characters. */
public record DisplayName(String value) {
  public DisplayName {
    if (value.isBlank() || value.length() > 200 || !Characters.printable(value, false)) {
      throw new InvalidValue("display_name", "one line of 1 to 200 characters");
    }
  }
}
