package io.claviger.domain.models;

import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import java.util.Optional;

/** A model's fields that administrators write and that do not depend on other models. */
public record ModelSettings(FieldValues values) {
  /**
   * @param values the values of the fields; values of fields that depend on other models are
   *     ignored
   * @throws IllegalArgumentException when a required field has no value
   */
  public ModelSettings {
    values = values.only(ModelFields.SETTINGS);
    values.requireComplete(ModelFields.SETTINGS);
  }

  public Provider provider() {
    return values.require(DefinitionFields.PROVIDER);
  }

  public ModelName model() {
    return values.require(DefinitionFields.MODEL);
  }

  public DisplayName displayName() {
    return values.require(CommonFields.DISPLAY_NAME);
  }

  public boolean enabled() {
    return values.require(ModelFields.ENABLED);
  }

  public Optional<ContextLimit> contextLimit() {
    return values.get(DefinitionFields.CONTEXT_LIMIT);
  }

  public Optional<CompressionThreshold> compressionThreshold() {
    return values.get(ModelFields.COMPRESSION_THRESHOLD);
  }
}
