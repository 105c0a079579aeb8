package io.claviger.console.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a sentence.
 *
 * @param name true if a user chose the text of this piece. The page isolates a user's text from its
 *     surroundings: the text may be written from right to left, or look like a part of the sentence
 */
public record Part(String text, boolean name) {
  public static Part plain(String text) {
    return new Part(text, false);
  }

  public static Part name(String text) {
    return new Part(text, true);
  }

  /** Returns the names in this order, separated by commas. */
  public static List<Part> listed(List<String> names) {
    List<Part> parts = new ArrayList<>();
    for (String name : names) {
      if (!parts.isEmpty()) {
        parts.add(plain(", "));
      }
      parts.add(name(name));
    }
    return parts;
  }
}
