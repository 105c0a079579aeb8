package io.claviger.domain.instances;

import io.claviger.domain.KeyLabel;
import io.claviger.domain.Note;
import io.claviger.domain.WireNamed;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ServiceSettings;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.MaxWait;
import io.claviger.domain.fairness.OnTooManyRequests;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWords;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm.Flag;
import io.claviger.domain.fields.ScalarForm.Pairs;
import io.claviger.domain.fields.ScalarForm.Text;
import io.claviger.domain.fields.ScalarForm.Texts;
import io.claviger.domain.fields.ScalarForm.WholeNumber;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.OnEnd;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Audience;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The writable fields of an instance, in the order in which they are shown. Each field names the
 * right that is needed to change the field. This list determines the needed rights, the differences
 * that are found, the JSON, the database columns, and the inputs and read-only values in the
 * console.
 *
 * <p>A new scalar field needs only a constant here and a database column of the same name.
 */
public enum InstanceField implements WireNamed {
  DISPLAY_NAME(Action.DESCRIBE, CommonFields.DISPLAY_NAME),
  DESCRIPTION(Action.DESCRIBE, DefinitionFields.DESCRIPTION),
  NOTE(
      Action.DESCRIBE,
      ScalarField.optional(
          "note", new Text<>(Note::new, Note::value), FieldWords.area("Note", ""))),
  METADATA(Action.DESCRIBE, CommonFields.METADATA),
  DEFINITION(Action.DESCRIBE, InstanceSettings::definition),
  PROVIDER(Action.CONFIGURE, DefinitionFields.PROVIDER),
  API_STANDARD(Action.CONFIGURE, DefinitionFields.API_STANDARD),
  ENDPOINT(Action.CONFIGURE, DefinitionFields.ENDPOINT),
  SETTINGS(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "settings",
          new Pairs<>(ServiceSettings::new, ServiceSettings::values),
          ServiceSettings.NONE,
          FieldWords.area(
              "Settings",
              "The values for the provider's endpoint, one on each line, such as region=eu"))),
  MODEL(Action.DESCRIBE, DefinitionFields.MODEL),
  DIMENSIONS(Action.DESCRIBE, DefinitionFields.DIMENSIONS),
  CONTEXT_LIMIT(Action.DESCRIBE, DefinitionFields.CONTEXT_LIMIT),
  TIMEOUT_MS(
      Action.DESCRIBE,
      ScalarField.withDefault(
          "timeout_ms",
          new WholeNumber<>(Timeout::new, Timeout::millis),
          Timeout.DEFAULT,
          FieldWords.line(
              "Timeout in milliseconds", "How long the provider may be silent, 1 to 600,000"))),
  ORGANIZATION(
      Action.CONFIGURE,
      ScalarField.optional(
          "organization",
          new Text<>(Organization::new, Organization::value),
          FieldWords.line("Organization", "Only for the openai format"))),
  STREAM_USAGE(
      Action.CONFIGURE,
      ScalarField.optional(
          "stream_usage",
          new Flag(),
          FieldWords.line(
              "Ask streams for their usage", "If not set, the provider's default applies"))),
  PROMPT_CACHE(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "prompt_cache",
          new Text<>(PromptCache::of, PromptCache::wireName),
          PromptCache.PER_CALLER,
          FieldWords.choice(
              "Prompt cache",
              "shared: borrowers may find each other's prompts in the provider's cache",
              PromptCache.values()))),
  ATTRIBUTION(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "attribution",
          new Text<>(Attribution::of, Attribution::wireName),
          Attribution.ON,
          FieldWords.choice(
              "Identifiers of callers",
              "on: the provider can tell callers apart, and only the owner learns who they are",
              Attribution.values()))),
  STORAGE(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "storage",
          new Texts<>(StorageKinds::of, StorageKinds::names),
          StorageKinds.NONE,
          FieldWords.line(
              "Storage that is lent",
              "What callers may store at the provider: "
                  + String.join(", ", StorageKinds.NAMES)
                  + "; empty for nothing"))),
  ON_END(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "on_end",
          new Text<>(OnEnd::of, OnEnd::wireName),
          OnEnd.KEEP,
          FieldWords.choice(
              "When a share ends",
              "keep: borrowers who get a new share find their objects again; delete: the objects"
                  + " are deleted at the provider",
              OnEnd.values()))),
  CUSTOM_HEADERS(
      Action.CONFIGURE, Action.CONFIGURE, Optional.empty(), settings -> Optional.empty()),
  ENABLED(
      Action.SWITCH,
      ScalarField.withDefault(
          "enabled",
          new Flag(),
          true,
          FieldWords.line("Enabled", "Only an enabled service can be called"))),
  AUDIENCE(
      Action.SHARE_OWNERSHIP,
      ScalarField.optional(
          "audience",
          new Text<>(Audience::of, Audience::wireName),
          FieldWords.choice(
              "Audience",
              "Only for system-level services. everybody: every user may use it; shared: only users"
                  + " with a share",
              Audience.values()))),
  KEY_POLICY(Action.CONFIGURE, InstanceSettings::keyPolicy),
  LIMITS(Action.CONFIGURE, InstanceSettings::limits),
  BUDGETS_IN_ALL(Action.BUDGET_IN_ALL, InstanceSettings::budgetsInAll),
  LIMITS_IN_ALL(Action.BUDGET_IN_ALL, InstanceSettings::limitsInAll),
  PROVIDER_LIMITS(Action.CONFIGURE, InstanceSettings::providerLimits),
  CAPACITY_GROUP(
      Action.GROUP_CAPACITY,
      ScalarField.optional(
          "capacity_group",
          new Text<>(CapacityGroup::new, CapacityGroup::value),
          FieldWords.line(
              "Capacity group",
              "Services of the same owner that name the same group share the provider's limits"))),
  MAX_WAIT_MS(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "max_wait_ms",
          new WholeNumber<>(MaxWait::new, MaxWait::millis),
          MaxWait.USUAL,
          FieldWords.line(
              "Longest wait in milliseconds",
              "How long a call may wait for its turn, 0 to 120,000; 0: calls don't wait"))),
  ON_429(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "on_429",
          new Text<>(OnTooManyRequests::of, OnTooManyRequests::wireName),
          OnTooManyRequests.WAIT,
          FieldWords.choice(
              "When the provider says that calls come too fast",
              "wait: the call waits for another turn; pass: the caller gets the refusal",
              OnTooManyRequests.values()))),
  MAX_CONNECTION_MINUTES(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "max_connection_minutes",
          new WholeNumber<>(ConnectionTerms.Longest::new, ConnectionTerms.Longest::minutes),
          ConnectionTerms.Longest.HOUR,
          FieldWords.line(
              "Longest connection in minutes", "How long a WebSocket may stay open, 1 to 1,440"))),
  ALLOWED_ORIGINS(
      Action.CONFIGURE,
      ScalarField.withDefault(
          "allowed_origins",
          new Texts<>(WebOrigins::new, WebOrigins::names),
          WebOrigins.ANY,
          FieldWords.line(
              "Allowed origins",
              "Origins of web pages that may open a WebSocket, such as https://app.example.org;"
                  + " if empty, pages of any origin may open one"))),
  APPROVALS(
      Action.SHARE_OWNERSHIP,
      ScalarField.withDefault(
          "approvals",
          new WholeNumber<>(NeededConsents::new, NeededConsents::count),
          NeededConsents.ONE,
          FieldWords.line(
              "Approvals",
              "How many people must agree to a new endpoint, credential or owner, including the"
                  + " person who asks: 1 to 5"))),
  CREDENTIAL(Action.SET_KEY, Action.CLEAR_KEY, Optional.empty(), InstanceSettings::credential),
  /**
   * The name of the file that applies the service. Whoever changes this field needs the right to
   * delete the service, because applying a file can delete resources that have the file's name.
   */
  APPLIED_BY(Action.DELETE, CommonFields.APPLIED_BY),
  API_KEY_VERSION(
      Action.CONFIGURE,
      ScalarField.optional(
          "api_key_version",
          new Text<>(KeyLabel::new, KeyLabel::value),
          FieldWords.line("Version of the API key", "A label that identifies the stored key"))),
  API_KEY(Action.SET_KEY, Action.CLEAR_KEY, Optional.empty(), settings -> Optional.empty());

  private static final List<ScalarField<?>> SCALARS =
      Stream.of(values()).flatMap(field -> field.scalar.stream()).toList();
  private static final List<ScalarField<?>> OWN =
      SCALARS.stream().filter(field -> !DefinitionFields.COPIED.contains(field)).toList();
  private static final List<ScalarField<?>> KEPT =
      List.of(
          AUDIENCE.scalar(),
          CAPACITY_GROUP.scalar(),
          APPROVALS.scalar(),
          APPLIED_BY.scalar(),
          API_KEY_VERSION.scalar());

  /**
   * The settings that decide which account calls reach at the provider, or that state the
   * provider's limits.
   */
  public static final Set<InstanceField> STATING_CAPACITY =
      Collections.unmodifiableSet(
          EnumSet.of(PROVIDER, API_STANDARD, ENDPOINT, ORGANIZATION, PROVIDER_LIMITS));

  private final Action needed;
  private final Action neededToClear;
  private final Optional<ScalarField<?>> scalar;
  private final Function<InstanceSettings, Object> read;

  InstanceField(Action needed, ScalarField<?> scalar) {
    this(needed, needed, Optional.of(scalar), settings -> settings.get(scalar));
  }

  /** A field with several values, which is written and stored in a way of its own. */
  InstanceField(Action needed, Function<InstanceSettings, Object> read) {
    this(needed, needed, Optional.empty(), read);
  }

  InstanceField(
      Action needed,
      Action neededToClear,
      Optional<ScalarField<?>> scalar,
      Function<InstanceSettings, Object> read) {
    this.needed = needed;
    this.neededToClear = neededToClear;
    this.scalar = scalar;
    this.read = read;
  }

  /** The scalar fields. For each of them, there is a database column of the same name. */
  public static List<ScalarField<?>> scalars() {
    return SCALARS;
  }

  /** The scalar fields that no definition has. */
  public static List<ScalarField<?>> own() {
    return OWN;
  }

  /**
   * The fields that keep their values in a replacement that does not mention them. So a program
   * that replaces a service without knowing these fields neither opens the service to everybody nor
   * removes values that a file applied. If a co-owner replaces a service, the service stays in its
   * capacity group, which only the owner chooses, and the number of needed consents stays the same.
   */
  static List<ScalarField<?>> keptInReplacement() {
    return KEPT;
  }

  /** Returns the action that a user must be allowed to take in order to change this field. */
  public Action needed() {
    return needed;
  }

  /**
   * Whether a change of this field also needs the right to set prices. The result is true for the
   * provider's field, because the provider's prices apply to the service. If callers name
   * deployments, the result is also true for the model's field.
   *
   * @param provider the service's provider before the change
   */
  public boolean choosesPrices(Provider provider) {
    return this == PROVIDER || (this == MODEL && provider.namesDeployments());
  }

  /**
   * Returns the action that a user must be allowed to take in order to remove this field's value.
   */
  public Action neededToClear() {
    return neededToClear;
  }

  /** Whether the field has a single value, which is in a database column of its own. */
  public boolean isScalar() {
    return scalar.isPresent();
  }

  /**
   * Returns the description of this field, which must be scalar.
   *
   * @param <V> the type of the field's values
   * @throws java.util.NoSuchElementException when this field is not scalar
   */
  @SuppressWarnings("unchecked") // Values are checked where they are set.
  public <V> ScalarField<V> scalar() {
    return (ScalarField<V>) scalar.orElseThrow();
  }

  /** Returns the field's value in a form in which two versions of the settings can be compared. */
  Object of(InstanceSettings settings) {
    return read.apply(settings);
  }
}
