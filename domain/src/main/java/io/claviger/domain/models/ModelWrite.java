package io.claviger.domain.models;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Provider;
import java.util.ArrayList;
import java.util.List;

/** A write of a model's settings. Absent fields take a default or keep their stored values. */
public record ModelWrite(
    Field<Provider> provider,
    Field<ModelName> model,
    Field<DisplayName> displayName,
    Field<Boolean> enabled,
    Field<ContextLimit> contextLimit,
    Field<CompressionThreshold> compressionThreshold,
    Field<AppliedBy> appliedBy) {

  /** A write that says nothing about files. */
  public ModelWrite(
      Field<Provider> provider,
      Field<ModelName> model,
      Field<DisplayName> displayName,
      Field<Boolean> enabled,
      Field<ContextLimit> contextLimit,
      Field<CompressionThreshold> compressionThreshold) {
    this(provider, model, displayName, enabled, contextLimit, compressionThreshold, Field.absent());
  }

  /** The same write for a model of this provider and name. */
  public ModelWrite on(Provider servedBy, ModelName called) {
    return new ModelWrite(
        Field.of(servedBy),
        Field.of(called),
        displayName,
        enabled,
        contextLimit,
        compressionThreshold,
        appliedBy);
  }

  /**
   * The required fields that a new model lacks. When this is empty, {@link #settingsOfNewModel} can
   * be called.
   */
  public List<Fault> missing() {
    List<Fault> faults = new ArrayList<>();
    if (provider.given().isEmpty()) {
      faults.add(Fault.required("provider", "Say who serves the model."));
    }
    if (model.given().isEmpty()) {
      faults.add(Fault.required("model", "Give the provider's name of the model."));
    }
    return faults;
  }

  /**
   * The settings of a new model. It is enabled and has the provider's name as display name, unless
   * the write says otherwise.
   */
  public ModelSettings settingsOfNewModel() {
    ModelName name = model.given().orElseThrow();
    return new ModelSettings(
        provider.given().orElseThrow(),
        name,
        displayName.given().orElseGet(() -> displayNameOf(name)),
        enabled.or(true),
        contextLimit.given(),
        compressionThreshold.given(),
        appliedBy.given());
  }

  public ModelSettings merging(ModelSettings before) {
    return new ModelSettings(
        provider.or(before.provider()),
        model.or(before.model()),
        displayName.or(before.displayName()),
        enabled.or(before.enabled()),
        contextLimit.or(before.contextLimit()),
        compressionThreshold.or(before.compressionThreshold()),
        appliedBy.or(before.appliedBy()));
  }

  private static DisplayName displayNameOf(ModelName name) {
    String text = name.value();
    if (text.length() <= DisplayName.MAX_LENGTH) {
      return new DisplayName(text);
    }
    // Stripping first makes sure that the shortened name is not blank. A surrogate pair is not
    // split.
    String shown = text.strip();
    int end = Math.min(shown.length(), DisplayName.MAX_LENGTH);
    return new DisplayName(
        shown.substring(0, Character.isHighSurrogate(shown.charAt(end - 1)) ? end - 1 : end));
  }
}
