package io.claviger.domain.fields;

import java.util.List;

/**
 * How people read a field and type its value.
 *
 * @param label what the field is called
 * @param help a sentence about its value; empty if the label says enough
 * @param longText whether a value can have several lines
 * @param choices the only values, as they are written down; empty if others are possible
 */
public record FieldWords(String label, String help, boolean longText, List<String> choices) {
  public FieldWords {
    choices = List.copyOf(choices);
  }

  /** A field whose value is typed in one line. */
  public static FieldWords line(String label, String help) {
    return new FieldWords(label, help, false, List.of());
  }

  /** A field whose value can have several lines. */
  public static FieldWords area(String label, String help) {
    return new FieldWords(label, help, true, List.of());
  }

  /** A field whose value is chosen from a list. */
  public static FieldWords choice(String label, String help, List<String> choices) {
    return new FieldWords(label, help, false, choices);
  }
}
