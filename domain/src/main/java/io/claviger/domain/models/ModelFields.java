package io.claviger.domain.models;

import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWords;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm.Flag;
import io.claviger.domain.fields.ScalarForm.Text;
import io.claviger.domain.fields.ScalarForm.WholeNumber;
import java.util.List;

/** The scalar fields of an entry of the model catalogue. */
public final class ModelFields {
  public static final ScalarField<Boolean> ENABLED =
      ScalarField.withDefault(
          "enabled",
          new Flag(),
          true,
          FieldWords.line("Enabled", "Only an enabled model can be called"));
  public static final ScalarField<Boolean> IS_DEFAULT =
      ScalarField.withDefault(
          "is_default",
          new Flag(),
          false,
          FieldWords.line(
              "Default",
              "One model is the default. To change this, make another model the default"));
  public static final ScalarField<CompressionThreshold> COMPRESSION_THRESHOLD =
      ScalarField.optional(
          "compression_threshold",
          new WholeNumber<>(CompressionThreshold::new, CompressionThreshold::value),
          FieldWords.line(
              "Compression threshold",
              "How full the context may get before a program should compress it, in percent"));
  public static final ScalarField<ModelAlias> NAME =
      ScalarField.required(
          "name",
          new Text<>(ModelAlias::new, ModelAlias::value),
          FieldWords.line("Name", "The name by which callers call the model"));
  public static final ScalarField<FailureMode> ON_FAILURE =
      ScalarField.withDefault(
          "on_failure",
          new Text<>(FailureMode::of, FailureMode::wireName),
          FailureMode.NONE,
          FieldWords.choice(
              "On failure",
              "Whether the next target is tried if a call fails at a target",
              FailureMode.values()));

  /** All scalar fields, in the order in which they are shown. */
  public static final List<ScalarField<?>> ALL =
      List.of(
          DefinitionFields.PROVIDER,
          DefinitionFields.MODEL,
          CommonFields.DISPLAY_NAME,
          ENABLED,
          IS_DEFAULT,
          DefinitionFields.CONTEXT_LIMIT,
          COMPRESSION_THRESHOLD,
          NAME,
          ON_FAILURE,
          CommonFields.APPLIED_BY);

  /**
   * The fields whose values are determined by the write alone. The values of the other fields also
   * depend on other models.
   */
  static final List<ScalarField<?>> SETTINGS =
      ALL.stream().filter(field -> !List.of(IS_DEFAULT, NAME, ON_FAILURE).contains(field)).toList();

  private ModelFields() {}
}
