package io.claviger.application.instances;

import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.ProviderLimitsWrite;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.LimitsWrite;
import java.util.Optional;

/**
 * Builds a write field by field, for programs that embed Claviger. A field is absent from the write
 * if its method is not called. For an absent field, {@link Instances#put} uses the definition's
 * value or the default, and {@link Instances#patch} keeps the current value.
 */
public final class InstanceFields {
  private Field<Definition.Ref> definition = Field.absent();
  private KeyPolicyWrite keyPolicy = KeyPolicyWrite.ABSENT;
  private LimitsWrite limits = LimitsWrite.ABSENT;
  private FieldWrites fields = FieldWrites.NONE;
  private Field<Budgets> budgetsInAll = Field.absent();
  private LimitsInAll.Write limitsInAll = LimitsInAll.Write.ABSENT;
  private ProviderLimitsWrite providerLimits = ProviderLimitsWrite.ABSENT;
  private Field<Secret> apiKey = Field.absent();
  private Field<CustomHeaders> customHeaders = Field.absent();
  private Optional<Boolean> sameAccount = Optional.empty();

  public static InstanceFields none() {
    return new InstanceFields();
  }

  /**
   * Names the definition from which the instance is created, such as {@code _system/openai-large}.
   */
  public InstanceFields from(String ref) {
    definition = Field.of(Definition.Ref.of(ref));
    return this;
  }

  public InstanceFields description(String text) {
    return with(DefinitionFields.DESCRIPTION, Field.of(new Description(text)));
  }

  public InstanceFields provider(Provider who) {
    return with(DefinitionFields.PROVIDER, Field.of(who));
  }

  public InstanceFields apiStandard(String handle) {
    return with(DefinitionFields.API_STANDARD, Field.of(new Handle(handle)));
  }

  /**
   * Sets the provider's base URL. If the same write has a key, the key is sealed for this endpoint.
   */
  public InstanceFields endpoint(String url) {
    return with(DefinitionFields.ENDPOINT, Field.of(Endpoint.of(url)));
  }

  public InstanceFields model(String name) {
    return with(DefinitionFields.MODEL, Field.of(new ModelName(name)));
  }

  public InstanceFields dimensions(Optional<Dimensions> length) {
    return with(DefinitionFields.DIMENSIONS, Field.ofNullable(length));
  }

  public InstanceFields contextLimit(Optional<ContextLimit> tokens) {
    return with(DefinitionFields.CONTEXT_LIMIT, Field.ofNullable(tokens));
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
   * Sets a field that instances have, but definitions do not ({@link InstanceField#own}).
   *
   * @param value the new value; an empty value clears the field
   */
  public InstanceFields own(InstanceField field, Optional<?> value) {
    return with(field.scalar(), Field.ofNullable(value));
  }

  private <V> InstanceFields with(ScalarField<V> field, Field<? extends V> write) {
    fields = fields.with(field, write);
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

  /** Sets the common budgets of all callers. */
  public InstanceFields budgetsInAll(Budgets budgets) {
    budgetsInAll = Field.of(budgets);
    return this;
  }

  public InstanceFields limitsInAll(LimitsInAll limits) {
    limitsInAll = LimitsInAll.Write.of(limits);
    return this;
  }

  /** States the provider's limits per minute, and its limit on concurrent calls. */
  public InstanceFields providerLimits(ProviderLimits allowed) {
    providerLimits = ProviderLimitsWrite.of(allowed);
    return this;
  }

  /** Sets the key. The caller must close the key. */
  public InstanceFields apiKey(Secret key) {
    apiKey = Field.of(key);
    return this;
  }

  public InstanceFields withoutApiKey() {
    apiKey = Field.ofNull();
    return this;
  }

  /**
   * Sets all custom headers. The caller must close the headers. A stored key is never sent with new
   * headers. So a write that sets headers also has to replace or remove the key.
   */
  public InstanceFields customHeaders(CustomHeaders headers) {
    customHeaders = Field.of(headers);
    return this;
  }

  /**
   * States whether calls with the new key still reach the same account at the provider. If another
   * account is reached, borrowers lose access to everything that they stored in the former account.
   */
  public InstanceFields sameAccount(boolean same) {
    sameAccount = Optional.of(same);
    return this;
  }

  public InstanceWrite write() {
    return new InstanceWrite(
        definition,
        new SettingsWrite(fields, keyPolicy, limits, budgetsInAll, limitsInAll, providerLimits),
        apiKey,
        customHeaders,
        sameAccount);
  }
}
