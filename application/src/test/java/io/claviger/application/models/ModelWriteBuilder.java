package io.claviger.application.models;

import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelWrite;
import java.util.ArrayList;
import java.util.List;

/** Builds a write of a model. A field that is not named is absent. */
public final class ModelWriteBuilder {
  private FieldWrites fields = FieldWrites.NONE;
  private Field<Instance.Ref> service = Field.absent();
  private final List<NamedTarget> targets = new ArrayList<>();

  private ModelWriteBuilder() {}

  public static ModelWriteBuilder of() {
    return new ModelWriteBuilder();
  }

  public static ModelWriteBuilder openAi(String model) {
    return of().provider(Provider.OPENAI).model(model);
  }

  public ModelWriteBuilder provider(Provider given) {
    return with(DefinitionFields.PROVIDER, Field.of(given));
  }

  public ModelWriteBuilder model(String name) {
    return with(DefinitionFields.MODEL, Field.of(new ModelName(name)));
  }

  public ModelWriteBuilder displayName(String text) {
    return with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName(text)));
  }

  public ModelWriteBuilder enabled(boolean given) {
    return with(ModelFields.ENABLED, Field.of(given));
  }

  public ModelWriteBuilder contextLimit(int tokens) {
    return with(DefinitionFields.CONTEXT_LIMIT, Field.of(new ContextLimit(tokens)));
  }

  public ModelWriteBuilder compressionThreshold(int percent) {
    return with(ModelFields.COMPRESSION_THRESHOLD, Field.of(new CompressionThreshold(percent)));
  }

  public ModelWriteBuilder isDefault(boolean given) {
    return with(ModelFields.IS_DEFAULT, Field.of(given));
  }

  public ModelWriteBuilder on(Instance given) {
    return on(given.ref().toString());
  }

  public ModelWriteBuilder on(String ref) {
    service = Field.of(Instance.Ref.of(ref));
    return this;
  }

  /** By which callers call it. */
  public ModelWriteBuilder called(String text) {
    return with(ModelFields.NAME, Field.of(new ModelAlias(text)));
  }

  /** One more target. */
  public ModelWriteBuilder target(Instance.Ref on, String called) {
    targets.add(new NamedTarget(on, new ModelName(called)));
    return this;
  }

  public ModelWriteBuilder unbound() {
    service = Field.ofNull();
    return this;
  }

  private <V> ModelWriteBuilder with(ScalarField<V> field, Field<V> write) {
    fields = fields.with(field, write);
    return this;
  }

  public ModelConfigCommand command() {
    return new ModelConfigCommand(
        new ModelWrite(fields),
        service,
        targets.isEmpty() ? Field.absent() : Field.of(List.copyOf(targets)));
  }
}
