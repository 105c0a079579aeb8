package io.claviger.console.page;

import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of facts on a page.
 *
 * @param time whether the value is a time (ISO 8601)
 */
public record Fact(String term, String value, boolean time) {
  public Fact(String term, String value) {
    this(term, value, false);
  }

  /**
   * Returns the fields that have a value, with their names and values in words. The caller may add
   * to the list.
   */
  public static List<Fact> of(FieldValues values, List<ScalarField<?>> fields) {
    List<Fact> facts = new ArrayList<>();
    for (ScalarField<?> field : fields) {
      FieldInputs.fact(values, field)
          .ifPresent(value -> facts.add(new Fact(field.words().label(), value)));
    }
    return facts;
  }
}
