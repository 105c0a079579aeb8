package io.claviger.domain;

/** A free text of up to 10,000 characters. The text may be empty. */
public record Description(String value) {
  public static final Description NONE = new Description("");

  public Description {
    if (!Characters.isAtMost(10_000, value) || !Characters.isLines(value)) {
      throw new InvalidValue("description", "up to 10,000 characters, no control characters");
    }
  }
}
