package io.claviger.domain;

/**
 * What people call the version of a key that they stored: one line of 1 to 100 characters. By the
 * label, people and the files that they apply recognize whether a newer key is to be sent.
 */
public record KeyLabel(String value) {
  public KeyLabel {
    if (value.isBlank() || value.length() > 100 || !Characters.printable(value, false)) {
      throw new InvalidValue("api_key_version", "one line of 1 to 100 characters");
    }
  }
}
