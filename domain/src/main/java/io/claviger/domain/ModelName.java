package io.claviger.domain;

/** The name by which a provider knows a model: one line of 1 to 256 characters. */
public record ModelName(String value) {
  public ModelName {
    if (!isValid(value)) {
      throw new InvalidValue("model", "one line of 1 to 256 characters");
    }
  }

  public static boolean isValid(String value) {
    return !value.isBlank() && Characters.isAtMost(256, value) && Characters.isLine(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
