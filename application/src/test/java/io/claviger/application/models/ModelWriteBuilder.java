package io.claviger.application.models;

import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.RouteWrite.NamedTarget;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelWrite;
import java.util.ArrayList;
import java.util.List;

/** Builds a write of a model. A field that is not named is absent. */
public final class ModelWriteBuilder {
  private Field<Provider> provider = Field.absent();
  private Field<ModelName> model = Field.absent();
  private Field<DisplayName> displayName = Field.absent();
  private Field<Boolean> enabled = Field.absent();
  private Field<ContextLimit> contextLimit = Field.absent();
  private Field<CompressionThreshold> compressionThreshold = Field.absent();
  private Field<Boolean> isDefault = Field.absent();
  private Field<Instance.Ref> service = Field.absent();

  private Field<ModelAlias> name = Field.absent();
  private final List<NamedTarget> targets = new ArrayList<>();

  private ModelWriteBuilder() {}

  public static ModelWriteBuilder of() {
    return new ModelWriteBuilder();
  }

  public static ModelWriteBuilder openAi(String model) {
    return of().provider(Provider.OPENAI).model(model);
  }

  public ModelWriteBuilder provider(Provider given) {
    provider = Field.of(given);
    return this;
  }

  public ModelWriteBuilder model(String name) {
    model = Field.of(new ModelName(name));
    return this;
  }

  public ModelWriteBuilder displayName(String text) {
    displayName = Field.of(new DisplayName(text));
    return this;
  }

  public ModelWriteBuilder enabled(boolean given) {
    enabled = Field.of(given);
    return this;
  }

  public ModelWriteBuilder contextLimit(int tokens) {
    contextLimit = Field.of(new ContextLimit(tokens));
    return this;
  }

  public ModelWriteBuilder compressionThreshold(int percent) {
    compressionThreshold = Field.of(new CompressionThreshold(percent));
    return this;
  }

  public ModelWriteBuilder isDefault(boolean given) {
    isDefault = Field.of(given);
    return this;
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
    name = Field.of(new ModelAlias(text));
    return this;
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

  public ModelConfigCommand command() {
    return new ModelConfigCommand(
        new ModelWrite(provider, model, displayName, enabled, contextLimit, compressionThreshold),
        isDefault,
        service,
        new RouteWrite(
            name,
            Field.absent(),
            targets.isEmpty() ? Field.absent() : Field.of(List.copyOf(targets))));
  }
}
