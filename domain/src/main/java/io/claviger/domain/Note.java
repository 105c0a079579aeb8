package io.claviger.domain;

/**
 * A note that people write about a service: up to 2,000 characters. An empty text means that there
 * is no note.
 */
public record Note(String value) {
  public Note {
    if (!Characters.isAtMost(2_000, value) || !Characters.isLines(value)) {
      throw new InvalidValue("note", "up to 2,000 characters, no control characters");
    }
  }
}
