package io.claviger.console.page;

import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line in a list of facts on a page.
 *
 * @param time true if the value is a time, written in ISO 8601
 */
public record Fact(String term, String value, boolean time) {
  public Fact(String term, String value) {
    this(term, value, false);
  }

  /**
   * Returns the fields that have a value, with their names and their values in words. The caller
   * may add facts to the list.
   */
  public static List<Fact> of(FieldValues values, List<ScalarField<?>> fields) {
    List<Fact> facts = new ArrayList<>();
    for (ScalarField<?> field : fields) {
      FieldInputs.fact(values, field)
          .ifPresent(value -> facts.add(new Fact(field.words().label(), value)));
    }
    return facts;
  }

  /**
   * Returns the words by which pages show a name of the API: {@code Display name} for {@code
   * display_name}.
   *
   * @param name the name in the API, which must not be empty
   */
  public static String term(String name) {
    String words = name.replace('_', ' ').replaceFirst("(?<=[a-z])(?=[0-9]$)", " ");
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
