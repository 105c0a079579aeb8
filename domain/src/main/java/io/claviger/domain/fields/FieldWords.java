package io.claviger.domain.fields;

import io.claviger.domain.WireNamed;
import java.util.List;

/**
 * The words that people see for a field, and the way in which they enter its value.
 *
 * @param label the human-readable name of the field
 * @param help a sentence that explains the field's value; empty if the label is enough
 * @param longText whether values can have several lines
 * @param choices the possible values in their written form; empty if the values are not restricted
 *     to a list
 */
public record FieldWords(String label, String help, boolean longText, List<String> choices) {
  public FieldWords {
    choices = List.copyOf(choices);
  }

  /** Returns the words for a field whose value is typed in one line. */
  public static FieldWords line(String label, String help) {
    return new FieldWords(label, help, false, List.of());
  }

  /** Returns the words for a field whose value can have several lines. */
  public static FieldWords area(String label, String help) {
    return new FieldWords(label, help, true, List.of());
  }

  /** Returns the words for a field whose value is one of the given constants. */
  public static FieldWords choice(String label, String help, WireNamed... choices) {
    return new FieldWords(label, help, false, WireNamed.names(choices));
  }
}
