package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelRouteSettings;
import io.claviger.domain.models.ModelSettings;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An enabled model of OpenAI, unbound, not the default and without limits, unless said otherwise.
 */
public final class AModelConfig {
  private ModelConfig.Id id = new ModelConfig.Id(TestIds.next());
  private Provider provider = Provider.OPENAI;
  private final ModelName model;
  private DisplayName displayName;
  private boolean enabled = true;
  private Optional<ContextLimit> contextLimit = Optional.empty();
  private Optional<CompressionThreshold> compressionThreshold = Optional.empty();
  private boolean isDefault;
  private Optional<Instance.Id> instance = Optional.empty();
  private Optional<Handle> createdBy = Optional.empty();
  private Optional<Handle> updatedBy = Optional.empty();
  private WireFormat format = WireFormat.OPENAI;
  private ModelAlias name;
  private FailureMode onFailure = FailureMode.NONE;
  private final List<ModelTarget> further = new ArrayList<>();
  private long version = 1;
  private Instant createdAt = Seeds.SEEDED_AT;
  private Instant updatedAt = Seeds.SEEDED_AT;

  private AModelConfig(String model) {
    this.model = new ModelName(model);
    this.displayName = new DisplayName(model);
    this.name = new ModelAlias(model);
  }

  public static AModelConfig of(String model) {
    return new AModelConfig(model);
  }

  public AModelConfig id(ModelConfig.Id given) {
    this.id = given;
    return this;
  }

  public AModelConfig provider(Provider given) {
    this.provider = given;
    this.format = given.defaultFormat();
    return this;
  }

  public AModelConfig displayName(String text) {
    this.displayName = new DisplayName(text);
    return this;
  }

  public AModelConfig disabled() {
    this.enabled = false;
    return this;
  }

  public AModelConfig contextLimit(int given) {
    this.contextLimit = Optional.of(new ContextLimit(given));
    return this;
  }

  public AModelConfig compressionThreshold(int given) {
    this.compressionThreshold = Optional.of(new CompressionThreshold(given));
    return this;
  }

  public AModelConfig asDefault() {
    this.isDefault = true;
    return this;
  }

  /**
   * Sets the name by which callers call the model. Unless this is called, the name is the
   * provider's name.
   */
  public AModelConfig called(String text) {
    this.name = new ModelAlias(text);
    return this;
  }

  public AModelConfig onFailure(FailureMode given) {
    this.onFailure = given;
    return this;
  }

  /** One more target. */
  public AModelConfig then(Instance service, String called) {
    further.add(new ModelTarget(service.id(), new ModelName(called)));
    return this;
  }

  /** A model of this service's provider, bound to the service. */
  public AModelConfig boundTo(Instance service) {
    this.instance = Optional.of(service.id());
    AModelConfig unused = provider(service.provider());
    this.format = Seeds.format(service.settings().fields().apiStandard());
    return this;
  }

  public AModelConfig createdBy(User user) {
    this.createdBy = Optional.of(user.handle());
    return updatedBy(user);
  }

  public AModelConfig updatedBy(User user) {
    this.updatedBy = Optional.of(user.handle());
    return this;
  }

  public AModelConfig version(long given) {
    this.version = given;
    return this;
  }

  public AModelConfig createdAt(Instant instant) {
    this.createdAt = instant;
    return updatedAt(instant);
  }

  public AModelConfig updatedAt(Instant instant) {
    this.updatedAt = instant;
    return this;
  }

  public ModelConfig build() {
    return new ModelConfig(
        id,
        new ModelSettings(
            FieldValues.NONE
                .with(DefinitionFields.PROVIDER, provider)
                .with(DefinitionFields.MODEL, model)
                .with(CommonFields.DISPLAY_NAME, displayName)
                .with(ModelFields.ENABLED, enabled)
                .withOptional(DefinitionFields.CONTEXT_LIMIT, contextLimit)
                .withOptional(ModelFields.COMPRESSION_THRESHOLD, compressionThreshold)),
        isDefault,
        instance,
        new ModelRouteSettings(format, name, onFailure, further),
        createdBy,
        updatedBy,
        version,
        createdAt,
        updatedAt);
  }
}
