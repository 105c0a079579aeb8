package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An enabled instance of OpenAI's large embeddings without a key, whose endpoint its owner set,
 * unless said otherwise.
 */
public final class AnInstance {
  private Instance.Id id = new Instance.Id(TestIds.next());
  private final User.Id owner;
  private final Instance.Ref ref;
  private FieldValues own;
  private final SampleFields fields = new SampleFields();
  private Optional<Definition.Id> definition = Optional.empty();
  private Optional<Definition.Ref> definitionRef = Optional.empty();
  private KeyPolicy keyPolicy = KeyPolicy.DEFAULT;
  private Limits limits = Limits.NONE;
  private Budgets budgetsInAll = Budgets.NONE;
  private LimitsInAll limitsInAll = LimitsInAll.NONE;
  private CredentialSettings credential = CredentialSettings.API_KEY;
  private ProviderLimits providerLimits = ProviderLimits.NONE;
  private KeyPlacement placement = KeyPlacement.BEARER;
  private List<HeaderName> headerNames = List.of();
  private Optional<Instant> apiKeySetAt = Optional.empty();
  private Optional<User.Id> endpointSetBy;
  private Optional<User.Id> headersSetBy = Optional.empty();
  private Instant createdAt = Seeds.SEEDED_AT;
  private long version = 1;

  private AnInstance(User owner, String handle) {
    this.owner = owner.id();
    this.ref = new Instance.Ref(owner.handle(), new Handle(handle));
    this.own = InstanceSettings.defaults(ref.handle());
    this.endpointSetBy = Optional.of(owner.id());
  }

  public static AnInstance of(User owner, String handle) {
    return new AnInstance(owner, handle);
  }

  /** A system-level instance. It is not known who set its endpoint. */
  public static AnInstance systemLevel(String handle) {
    AnInstance instance = new AnInstance(Seeds.SYSTEM, handle);
    instance.endpointSetBy = Optional.empty();
    return instance;
  }

  public AnInstance id(Instance.Id given) {
    this.id = given;
    return this;
  }

  public AnInstance displayName(String text) {
    return own(InstanceField.DISPLAY_NAME, new DisplayName(text));
  }

  /** One of the fields that no definition has. */
  public AnInstance own(InstanceField field, Object value) {
    this.own = own.with(field.scalar(), value);
    return this;
  }

  public AnInstance description(String text) {
    fields.description = new Description(text);
    return this;
  }

  public AnInstance from(Definition template) {
    this.definition = Optional.of(template.id());
    this.definitionRef = Optional.of(template.ref());
    return this;
  }

  /** Sets the provider and, if it has them, its default standard and endpoint. */
  public AnInstance provider(Provider given) {
    fields.provider = given;
    given.defaultEndpoint().ifPresent(e -> fields.endpoint = e);
    return apiStandard(given.defaultStandard().value());
  }

  /** One of the seeded standards. */
  public AnInstance apiStandard(String seeded) {
    fields.apiStandard = new Handle(seeded);
    this.placement = Seeds.standard(seeded).placement();
    return this;
  }

  public AnInstance apiStandard(String handle, KeyPlacement given) {
    fields.apiStandard = new Handle(handle);
    this.placement = given;
    return this;
  }

  public AnInstance endpoint(String url) {
    fields.endpoint = Endpoint.of(url);
    return this;
  }

  public AnInstance endpointSetBy(Optional<User.Id> user) {
    this.endpointSetBy = user;
    return this;
  }

  public AnInstance headersSetBy(User user) {
    this.headersSetBy = Optional.of(user.id());
    return this;
  }

  public AnInstance model(String name) {
    fields.model = new ModelName(name);
    return this;
  }

  public AnInstance dimensions(int given) {
    fields.dimensions = Optional.of(new Dimensions(given));
    return this;
  }

  public AnInstance withoutDimensions() {
    fields.dimensions = Optional.empty();
    fields.contextLimit = Optional.empty();
    return this;
  }

  public AnInstance organization(String text) {
    return own(InstanceField.ORGANIZATION, new Organization(text));
  }

  public AnInstance audience(Audience given) {
    return own(InstanceField.AUDIENCE, given);
  }

  public AnInstance timeout(int millis) {
    return own(InstanceField.TIMEOUT_MS, new Timeout(millis));
  }

  public AnInstance disabled() {
    return own(InstanceField.ENABLED, false);
  }

  public AnInstance keyPolicy(KeyPolicy given) {
    this.keyPolicy = given;
    return this;
  }

  public AnInstance limits(Limits given) {
    this.limits = given;
    return this;
  }

  public AnInstance budgetsInAll(Budgets given) {
    this.budgetsInAll = given;
    return this;
  }

  public AnInstance limitsInAll(LimitsInAll given) {
    this.limitsInAll = given;
    return this;
  }

  /** Sets the limits of the provider, as the owner states them. */
  public AnInstance providerLimits(ProviderLimits given) {
    this.providerLimits = given;
    return this;
  }

  public AnInstance capacityGroup(String name) {
    return own(InstanceField.CAPACITY_GROUP, new CapacityGroup(name));
  }

  /** Says that a key is stored; the sealed value itself goes beside the instance. */
  public AnInstance apiKeySetAt(Instant instant) {
    this.apiKeySetAt = Optional.of(instant);
    return this;
  }

  public AnInstance credential(CredentialSettings settings) {
    this.credential = settings;
    return this;
  }

  /**
   * Says that header values are stored, which the owner set; the sealed values themselves go beside
   * the instance.
   */
  public AnInstance headerNames(String... names) {
    this.headerNames = Stream.of(names).map(HeaderName::new).toList();
    this.headersSetBy = Optional.of(owner);
    return this;
  }

  public AnInstance createdAt(Instant instant) {
    this.createdAt = instant;
    return this;
  }

  public AnInstance version(long given) {
    this.version = given;
    return this;
  }

  public Instance build() {
    return new Instance(
        id,
        owner,
        ref,
        new InstanceSettings(
            definition,
            fields.build(),
            keyPolicy,
            limits,
            own,
            budgetsInAll,
            limitsInAll,
            providerLimits,
            credential,
            SentSettings.NONE),
        placement,
        definitionRef,
        headerNames,
        apiKeySetAt,
        endpointSetBy,
        headersSetBy,
        version,
        createdAt,
        createdAt);
  }
}
