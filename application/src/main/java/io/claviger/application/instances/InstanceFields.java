package io.claviger.application.instances;

import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.FieldWrites;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import java.util.Optional;

/**
 * Builds a write field by field, for programs that embed Claviger. A field that is not given is
 * absent: {@link Instances#put} takes the definition's value or the default, {@link
 * Instances#patch} keeps the present value.
 */
public final class InstanceFields {
  private Field<Definition.Ref> definition = Field.absent();
  private Field<Description> description = Field.absent();
  private Field<Provider> provider = Field.absent();
  private Field<Handle> apiStandard = Field.absent();
  private Field<Endpoint> endpoint = Field.absent();
  private Field<ModelName> model = Field.absent();
  private Field<Dimensions> dimensions = Field.absent();
  private Field<ContextLimit> contextLimit = Field.absent();
  private KeyPolicyWrite keyPolicy = KeyPolicyWrite.ABSENT;
  private LimitsWrite limits = LimitsWrite.ABSENT;
  private FieldWrites own = FieldWrites.NONE;
  private Field<Budgets> budgetsInAll = Field.absent();
  private Field<Secret> apiKey = Field.absent();
  private Field<CustomHeaders> customHeaders = Field.absent();

  public static InstanceFields none() {
    return new InstanceFields();
  }

  /** The definition from which the instance is created, such as {@code _system/openai-large}. */
  public InstanceFields from(String ref) {
    definition = Field.of(Definition.Ref.of(ref));
    return this;
  }

  public InstanceFields description(String text) {
    description = Field.of(new Description(text));
    return this;
  }

  public InstanceFields provider(Provider who) {
    provider = Field.of(who);
    return this;
  }

  public InstanceFields apiStandard(String handle) {
    apiStandard = Field.of(new Handle(handle));
    return this;
  }

  /** The provider's base URL. A key in the same write is sealed for it. */
  public InstanceFields endpoint(String url) {
    endpoint = Field.of(Endpoint.of(url));
    return this;
  }

  public InstanceFields model(String name) {
    model = Field.of(new ModelName(name));
    return this;
  }

  public InstanceFields dimensions(Optional<Dimensions> length) {
    dimensions = orNull(length);
    return this;
  }

  public InstanceFields contextLimit(Optional<ContextLimit> tokens) {
    contextLimit = orNull(tokens);
    return this;
  }

  public InstanceFields displayName(String name) {
    return own(InstanceField.DISPLAY_NAME, Optional.of(new DisplayName(name)));
  }

  public InstanceFields timeout(Timeout silence) {
    return own(InstanceField.TIMEOUT_MS, Optional.of(silence));
  }

  public InstanceFields organization(Optional<Organization> name) {
    return own(InstanceField.ORGANIZATION, name);
  }

  public InstanceFields enabled(boolean on) {
    return own(InstanceField.ENABLED, Optional.of(on));
  }

  /**
   * One of the fields that no definition has ({@link InstanceField#own}).
   *
   * @param value empty clears the field
   */
  public InstanceFields own(InstanceField field, Optional<?> value) {
    own = own.with(field, orNull(value));
    return this;
  }

  public InstanceFields keyPolicy(KeyPolicy policy) {
    keyPolicy =
        new KeyPolicyWrite(
            Field.of(policy.centralKey()),
            Field.of(policy.userKeys()),
            Field.of(policy.fallbackToCentral()));
    return this;
  }

  public InstanceFields limits(Limits most) {
    limits = LimitsWrite.of(most);
    return this;
  }

  /** What all callers together may use up. */
  public InstanceFields budgetsInAll(Budgets budgets) {
    budgetsInAll = Field.of(budgets);
    return this;
  }

  /** The key, which the caller must close. */
  public InstanceFields apiKey(Secret key) {
    apiKey = Field.of(key);
    return this;
  }

  public InstanceFields withoutApiKey() {
    apiKey = Field.ofNull();
    return this;
  }

  /** All custom headers, which the caller must close. */
  public InstanceFields customHeaders(CustomHeaders headers) {
    customHeaders = Field.of(headers);
    return this;
  }

  public InstanceWrite write() {
    DefinitionWrite common =
        new DefinitionWrite(
            description, provider, apiStandard, endpoint, model, dimensions, contextLimit);
    return new InstanceWrite(
        definition,
        new SettingsWrite(common, keyPolicy, limits, own, budgetsInAll),
        apiKey,
        customHeaders);
  }

  private static <T> Field<T> orNull(Optional<T> value) {
    return value.map(Field::of).orElseGet(Field::ofNull);
  }
}
