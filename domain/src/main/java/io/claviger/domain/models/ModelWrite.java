package io.claviger.domain.models;

import io.claviger.domain.Characters;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import java.util.ArrayList;
import java.util.List;

/** A write of a model's scalar fields. Absent fields get a default or keep their stored values. */
public record ModelWrite(FieldWrites fields) {
  public <V> Field<V> get(ScalarField<V> field) {
    return fields.get(field);
  }

  /**
   * Returns this write with the given provider, and with the given name by which the provider knows
   * the model.
   */
  public ModelWrite on(Provider servedBy, ModelName called) {
    return new ModelWrite(
        fields
            .with(DefinitionFields.PROVIDER, Field.of(servedBy))
            .with(DefinitionFields.MODEL, Field.of(called)));
  }

  /**
   * Returns the required fields that a new model lacks. {@link #settingsOfNewModel} may be called
   * only if there are none.
   */
  public List<Fault> missing() {
    List<Fault> faults = new ArrayList<>();
    if (get(DefinitionFields.PROVIDER).given().isEmpty()) {
      faults.add(Fault.required("provider", "State the provider that serves the model."));
    }
    if (get(DefinitionFields.MODEL).given().isEmpty()) {
      faults.add(Fault.required("model", "Give the provider's name for the model."));
    }
    return faults;
  }

  /**
   * Returns the settings of a new model. By default, the model is enabled, and its display name is
   * the provider's name for the model.
   */
  public ModelSettings settingsOfNewModel() {
    ModelName name = get(DefinitionFields.MODEL).given().orElseThrow();
    FieldValues defaults =
        FieldValues.defaults(ModelFields.SETTINGS)
            .with(CommonFields.DISPLAY_NAME, displayNameOf(name));
    return new ModelSettings(fields.over(defaults, ModelFields.SETTINGS));
  }

  public ModelSettings merging(ModelSettings before) {
    return new ModelSettings(fields.over(before.values(), ModelFields.SETTINGS));
  }

  private static DisplayName displayNameOf(ModelName name) {
    String text = name.value();
    // White space is stripped first, so that a shortened name is not blank.
    return new DisplayName(
        Characters.isAtMost(DisplayName.MAX_LENGTH, text)
            ? text
            : Characters.first(DisplayName.MAX_LENGTH, text.strip()));
  }
}
