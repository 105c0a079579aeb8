package io.claviger.domain.instances;

import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ReferenceRecognition;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.definitions.ServiceSettings;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.fairness.MaxWait;
import io.claviger.domain.fairness.OnTooManyRequests;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.sharing.Audience;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an instance that can be written and read.
 *
 * @param fields the fields that definitions also have
 * @param own the scalar fields that definitions don't have
 * @param budgetsInAll the budgets for all callers together
 * @param limitsInAll the pace limits for all callers together
 * @param providerLimits the provider's limits as the owner states them
 * @param credential the settings of the credential
 * @param sent the settings that are sent with each call
 */
public record InstanceSettings(
    Optional<Definition.Id> definition,
    DefinitionFields fields,
    KeyPolicy keyPolicy,
    Limits limits,
    FieldValues own,
    Budgets budgetsInAll,
    LimitsInAll limitsInAll,
    ProviderLimits providerLimits,
    CredentialSettings credential,
    SentSettings sent) {

  /**
   * @throws IllegalArgumentException when a required field has no value
   */
  public InstanceSettings {
    own.requireComplete(InstanceField.own());
  }

  /** Returns a new instance's default values of the fields that definitions don't have. */
  public static FieldValues defaults(Handle handle) {
    return FieldValues.defaults(InstanceField.own())
        .with(InstanceField.DISPLAY_NAME.scalar(), new DisplayName(handle.value()));
  }

  /** Returns a copy of these settings with another provider. */
  public InstanceSettings withProvider(Provider other) {
    return with(fields.withProvider(other), credential);
  }

  /** Returns a copy of these settings with another credential. */
  public InstanceSettings withCredential(CredentialSettings other) {
    return with(fields, other);
  }

  private InstanceSettings with(DefinitionFields others, CredentialSettings known) {
    return new InstanceSettings(
        definition,
        others,
        keyPolicy,
        limits,
        own,
        budgetsInAll,
        limitsInAll,
        providerLimits,
        known,
        sent);
  }

  /** Returns a copy of these settings without budgets for all callers together. */
  public InstanceSettings(
      Optional<Definition.Id> definition,
      DefinitionFields fields,
      KeyPolicy keyPolicy,
      Limits limits,
      FieldValues own) {
    this(
        definition,
        fields,
        keyPolicy,
        limits,
        own,
        Budgets.NONE,
        LimitsInAll.NONE,
        ProviderLimits.NONE,
        CredentialSettings.API_KEY,
        SentSettings.NONE);
  }

  <V> Optional<V> get(ScalarField<V> field) {
    return own.get(field).or(() -> fields.values().get(field));
  }

  public FieldValues scalars() {
    return own.and(fields.values());
  }

  /**
   * Returns the settings as texts, keyed by their names in the API. Of the credential, only the
   * kind is included. Fields without a value are left out.
   */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>(scalars().texts(InstanceField.scalars()));
    texts.put("key_policy/central_key", Boolean.toString(keyPolicy.centralKey()));
    texts.put("key_policy/user_keys", Boolean.toString(keyPolicy.userKeys()));
    texts.put("key_policy/fallback_to_central", Boolean.toString(keyPolicy.fallbackToCentral()));
    limits.texts().forEach((field, text) -> texts.put("limits/" + field, text));
    inAll()
        .texts()
        .forEach(
            (field, text) ->
                texts.put(
                    field.equals("budgets") ? "budgets_in_all" : "limits_in_all/" + field, text));
    providerLimits
        .perMinute()
        .each()
        .forEach((limit, n) -> texts.put("provider_limits/" + limit.wireName(), Long.toString(n)));
    providerLimits
        .concurrentCalls()
        .ifPresent(n -> texts.put("provider_limits/concurrent_calls", Integer.toString(n)));
    texts.put("credential/kind", credential.kind().wireName());
    credential.values().forEach((field, text) -> texts.put("credential/" + field.wireName(), text));
    return texts;
  }

  /** Returns the limits against which all calls of the service count together. */
  public Limits inAll() {
    return limitsInAll.and(budgetsInAll);
  }

  public DisplayName displayName() {
    return own.require(InstanceField.DISPLAY_NAME.scalar());
  }

  public Timeout timeout() {
    return own.require(InstanceField.TIMEOUT_MS.scalar());
  }

  public Optional<Organization> organization() {
    return own.get(InstanceField.ORGANIZATION.scalar());
  }

  /**
   * Whether the gateway requests that streams state their usage; empty if the provider's default
   * applies.
   */
  public Optional<Boolean> streamUsage() {
    return own.get(InstanceField.STREAM_USAGE.scalar());
  }

  public PromptCache promptCache() {
    return own.require(InstanceField.PROMPT_CACHE.<PromptCache>scalar());
  }

  public StorageKinds storage() {
    return own.require(InstanceField.STORAGE.<StorageKinds>scalar());
  }

  /**
   * Returns who may use a system-level service. Empty if the service belongs to a user, or if no
   * administrator has chosen an audience.
   */
  public Optional<Audience> audience() {
    return own.get(InstanceField.AUDIENCE.<Audience>scalar());
  }

  /**
   * Returns a copy of these settings with the given audience, or without an audience if the
   * argument is empty.
   */
  public InstanceSettings withAudience(Optional<Audience> audience) {
    return new InstanceSettings(
        definition,
        fields,
        keyPolicy,
        limits,
        own.withOptional(InstanceField.AUDIENCE.<Audience>scalar(), audience),
        budgetsInAll,
        limitsInAll,
        providerLimits,
        credential,
        sent);
  }

  /** Returns the settings that were filled into the endpoint, or that are sent with calls. */
  public ServiceSettings settings() {
    return own.require(InstanceField.SETTINGS.<ServiceSettings>scalar());
  }

  public Attribution attribution() {
    return own.require(InstanceField.ATTRIBUTION.<Attribution>scalar());
  }

  /** Returns how calls of this service take turns within the provider's limits. */
  public CapacityPolicy capacity() {
    return new CapacityPolicy(
        providerLimits,
        own.get(InstanceField.CAPACITY_GROUP.<CapacityGroup>scalar()),
        own.require(InstanceField.MAX_WAIT_MS.<MaxWait>scalar()),
        own.require(InstanceField.ON_429.<OnTooManyRequests>scalar()));
  }

  /**
   * Returns the number of users who have to consent to changes of the key, the destination or the
   * owner.
   */
  public NeededConsents approvals() {
    return own.require(InstanceField.APPROVALS.<NeededConsents>scalar());
  }

  /** Returns the terms of this service's WebSockets. */
  public ConnectionTerms connections() {
    return new ConnectionTerms(
        own.require(InstanceField.MAX_CONNECTION_MINUTES.<ConnectionTerms.Longest>scalar()),
        own.require(InstanceField.ALLOWED_ORIGINS.<WebOrigins>scalar()));
  }

  /** Returns the rules by which callers of this service are identified to the provider. */
  public NamingRules naming() {
    return new NamingRules(promptCache(), attribution(), fields.provider().adds());
  }

  /** Returns how references to other callers' objects at the provider are recognized. */
  public ReferenceRecognition recognition() {
    return fields.provider().recognition();
  }

  public boolean enabled() {
    return own.require(InstanceField.ENABLED.<Boolean>scalar());
  }

  /**
   * Returns the fields in which these settings differ from the given settings. Permissions are
   * checked only for fields that differ, and not for all fields in a write.
   */
  public Set<InstanceField> differingFrom(InstanceSettings other) {
    Set<InstanceField> differing = EnumSet.noneOf(InstanceField.class);
    for (InstanceField field : InstanceField.values()) {
      if (!field.of(this).equals(field.of(other))) {
        differing.add(field);
      }
    }
    return differing;
  }
}
