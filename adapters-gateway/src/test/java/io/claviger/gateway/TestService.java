package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.builders.ABudget;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.NamingKey;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A service for tests. Each authorized call for it is a new one with its own secrets. */
public final class TestService {
  public static final User.Id CALLER = new User.Id(new UUID(0, 1));

  public static final User.Id OWNER = new User.Id(new UUID(0, 3));

  /** The rules of a service whose provider is not known. */
  public static final NamingRules NAMING =
      new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of());

  public static final String KEY = "sk-stub-Zx81/q\"7\\w-ending";

  private final String endpoint;
  private final WireFormat format;
  private KeyPlacement placement;
  private @Nullable String key = KEY;
  private Map<String, String> headers = Map.of();
  private @Nullable String organization;
  private int timeoutMillis = 10_000;
  private boolean systemLevel = true;
  private List<String> moreRequestHeaders = List.of();
  private List<String> moreResponseHeaders = List.of();
  private KeySource source = KeySource.CENTRAL;
  private Optional<Instant> keySetAt = Optional.empty();
  private boolean streamsUsage;
  private List<Operation> operations;
  private List<String> queryParameters;
  private NamingRules naming = NAMING;
  private User.Id caller = CALLER;
  private Optional<UUID> project = Optional.empty();
  private Optional<UUID> responsible = Optional.empty();
  private Instance.Id id = new Instance.Id(new UUID(0, 2));
  private Set<ObjectKind> storage = Set.of();
  private boolean shares;
  private boolean containersLent;
  private boolean imagesAreFiles;
  private Provider provider = Provider.OPENAI_COMPAT;
  private Set<String> batched = Set.of();
  private Optional<Set<ModelPattern>> models = Optional.empty();
  private Optional<CapacityTerms> capacity = Optional.empty();
  private Optional<TokenSource> token = Optional.empty();
  private List<BudgetMeter> budgets = List.of();
  private List<String> rates = List.of();
  private ConnectionTerms connections = ConnectionTerms.USUAL;
  private List<PaceMeter> atATime = List.of();
  private SentSettings sent = SentSettings.NONE;

  private TestService(String endpoint, WireFormat format, KeyPlacement placement) {
    this.endpoint = endpoint;
    this.format = format;
    this.placement = placement;
    this.operations = format.operations();
    this.queryParameters = format.queryParameters();
  }

  public static TestService at(String endpoint, WireFormat format) {
    KeyPlacement usual = Provider.of(format.api().usualProvider()).defaultPlacement();
    return new TestService(endpoint, format, usual.isNone() ? KeyPlacement.BEARER : usual);
  }

  /** A copy whose WebSockets have these terms. */
  public TestService connections(ConnectionTerms terms) {
    return with(s -> s.connections = terms);
  }

  /** A copy whose caller may make so many calls at a time. */
  TestService callsAtATime(int most) {
    return with(s -> s.atATime = List.of(new PaceMeter("caller", PaceKind.CONCURRENT, most, true)));
  }

  /** A copy, changed. */
  private TestService with(Consumer<TestService> change) {
    TestService copy = new TestService(endpoint, format, placement);
    copy.key = key;
    copy.headers = headers;
    copy.organization = organization;
    copy.timeoutMillis = timeoutMillis;
    copy.systemLevel = systemLevel;
    copy.moreRequestHeaders = moreRequestHeaders;
    copy.moreResponseHeaders = moreResponseHeaders;
    copy.source = source;
    copy.keySetAt = keySetAt;
    copy.streamsUsage = streamsUsage;
    copy.operations = operations;
    copy.queryParameters = queryParameters;
    copy.naming = naming;
    copy.caller = caller;
    copy.project = project;
    copy.responsible = responsible;
    copy.id = id;
    copy.storage = storage;
    copy.shares = shares;
    copy.containersLent = containersLent;
    copy.imagesAreFiles = imagesAreFiles;
    copy.provider = provider;
    copy.batched = batched;
    copy.models = models;
    copy.capacity = capacity;
    copy.atATime = atATime;
    copy.connections = connections;
    copy.token = token;
    copy.budgets = budgets;
    copy.rates = rates;
    change.accept(copy);
    return copy;
  }

  public TestService placed(KeyMethod method, String field) {
    return with(s -> s.placement = new KeyPlacement(method, field));
  }

  public TestService keyless() {
    return with(
        s -> {
          s.placement = KeyPlacement.NONE;
          s.key = null;
          s.source = KeySource.KEYLESS;
        });
  }

  public TestService key(String other) {
    return with(s -> s.key = other);
  }

  public TestService header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return with(s -> s.headers = more);
  }

  /** Sends these settings, such as {@code query api-version=1}. */
  public TestService sending(String... lines) {
    this.sent = SentSettings.of(List.of(lines));
    return this;
  }

  public TestService organization(String other) {
    return with(s -> s.organization = other);
  }

  public TestService timeout(int millis) {
    return with(s -> s.timeoutMillis = millis);
  }

  /** A service whose streams state their usage when asked. */
  public TestService streamingUsage() {
    return with(s -> s.streamsUsage = true);
  }

  /** A service whose API standard has these operations alone. */
  public TestService lending(Operation... other) {
    return with(s -> s.operations = List.of(other));
  }

  /** A service whose API standard forwards these parameters of queries alone. */
  public TestService forwarding(String... parameters) {
    return with(s -> s.queryParameters = List.of(parameters));
  }

  /** Returns this service with a key that was stored at this time. */
  public TestService keySetAt(Instant time) {
    return with(s -> s.keySetAt = Optional.of(time));
  }

  /** Returns this service with a key from another source. */
  public TestService from(KeySource other) {
    return with(s -> s.source = other);
  }

  /** A user's own service, which may not reach private addresses. */
  public TestService ofUser() {
    return with(
        s -> {
          s.systemLevel = false;
          s.source = KeySource.USER;
        });
  }

  /** A service whose API standard forwards more request headers. */
  public TestService passing(String... requestHeaders) {
    return with(s -> s.moreRequestHeaders = List.of(requestHeaders));
  }

  /** A service whose API standard returns more response headers. */
  public TestService answering(String... responseHeaders) {
    return with(s -> s.moreResponseHeaders = List.of(responseHeaders));
  }

  /** A service that names its callers in another way. */
  public TestService naming(NamingRules rules) {
    return with(s -> s.naming = rules);
  }

  /** Returns this service, called by another user. */
  public TestService calledBy(User.Id other) {
    return with(s -> s.caller = other);
  }

  /** Returns this service, called through a project in which the caller is a reader. */
  TestService through(UUID called) {
    return with(s -> s.project = Optional.of(called));
  }

  /** Returns this service, called by a service account for which this user is responsible. */
  public TestService answeredForBy(UUID person) {
    return with(s -> s.responsible = Optional.of(person));
  }

  /** Another service, with this id. */
  public TestService identified(Instance.Id other) {
    return with(s -> s.id = other);
  }

  /** A service that lends storage of these kinds. */
  public TestService storing(ObjectKind... kinds) {
    return with(s -> s.storage = Set.of(kinds));
  }

  /** A service whose owner may share single objects, even if it lends no storage. */
  public TestService sharing() {
    return with(s -> s.shares = true);
  }

  /** A service that lends containers too, although not to this call. */
  public TestService lendingContainersToOthers() {
    return with(s -> s.containersLent = true);
  }

  /** A service of this provider. */
  public TestService of(Provider other) {
    return with(
        s -> {
          s.provider = other;
          s.imagesAreFiles = other.storesImages();
        });
  }

  /** A service whose callers may call these operations by batches. */
  public TestService batching(String... paths) {
    return with(s -> s.batched = Set.of(paths));
  }

  /** A service that lends these models alone. */
  public TestService allowing(String... patterns) {
    return with(
        s ->
            s.models =
                Optional.of(
                    Stream.of(patterns)
                        .map(ModelPattern::new)
                        .collect(Collectors.toUnmodifiableSet())));
  }

  /** A service whose calls a budget of so many requests counts. */
  public TestService budgeted(long requests) {
    return with(
        s ->
            s.budgets =
                List.of(
                    new BudgetMeter("service:test", ABudget.requests(requests).build(), false)));
  }

  /** A service whose calls count against rates with these names. */
  public TestService countedBy(String... names) {
    return with(s -> s.rates = List.of(names));
  }

  /** A service whose calls are sent with a token from this source. */
  public TestService minting(TokenSource from) {
    return with(
        s -> {
          s.key = null;
          s.token = Optional.of(from);
        });
  }

  /** A service whose callers take turns and wait for at most 10 seconds. */
  public TestService takingTurns() {
    return takingTurns(true);
  }

  /**
   * @param again whether calls that the provider refuses for their pace wait for another turn
   */
  public TestService takingTurns(boolean again) {
    return takingTurns(again, ProviderLimits.NONE);
  }

  /** A service whose owner states what the provider allows. */
  public TestService takingTurns(boolean again, ProviderLimits stated) {
    return with(
        s ->
            s.capacity =
                Optional.of(
                    new CapacityTerms(
                        CapacityKey.ofService(s.id.value()),
                        s.id.value(),
                        OWNER.value(),
                        stated,
                        CapacityTerms.USUAL_WAIT,
                        again,
                        s.caller.value(),
                        CapacityTerms.USUAL_WEIGHT)));
  }

  /** A service of another owner, for whom the waiting calls of a node count apart. */
  TestService takingTurnsOf(UUID owner, ProviderLimits stated) {
    return with(
        s ->
            s.capacity =
                Optional.of(
                    new CapacityTerms(
                        CapacityKey.ofService(owner),
                        owner,
                        owner,
                        stated,
                        CapacityTerms.USUAL_WAIT,
                        true,
                        s.caller.value(),
                        CapacityTerms.USUAL_WEIGHT)));
  }

  private Isolation isolation() {
    return storage.isEmpty() && !shares && batched.isEmpty() && !imagesAreFiles
        ? Isolation.STORING_NOTHING
        : new Isolation(
            storage,
            shares || !storage.isEmpty() ? SharedObject.SHAREABLE : Set.of(),
            containersLent || storage.contains(ObjectKind.CONTAINERS),
            Optional.of(
                new ObjectCaller(
                    caller.value(),
                    project.map(ObjectHolder::project).orElse(ObjectHolder.user(caller.value())),
                    false,
                    false,
                    caller.value(),
                    Optional.empty(),
                    caller.value(),
                    false,
                    1)),
            ObjectQuota.DEFAULT,
            batched,
            false,
            true,
            imagesAreFiles);
  }

  /** The names of the caller, under a key that all of these services share. */
  public CallerNames names() {
    return new CallerNames(Secret.takingOver(new byte[NamingKey.BYTES]), caller, naming);
  }

  public AuthorizedCall authorized(String service) {
    List<RequestHeader> listed = new ArrayList<>(format.requestHeaders());
    moreRequestHeaders.forEach(h -> listed.add(new RequestHeader(h)));
    List<ResponseHeader> back = new ArrayList<>(format.responseHeaders());
    moreResponseHeaders.forEach(h -> back.add(new ResponseHeader(h)));
    boolean own = source == KeySource.USER;
    return new AuthorizedCall(
        new AuthorizedCall.Terms(
            service,
            new CallableStandard(
                new Handle("standard"),
                format,
                placement,
                operations,
                listed,
                back,
                queryParameters),
            new Timeout(timeoutMillis),
            systemLevel,
            streamsUsage,
            Optional.empty(),
            own ? Optional.empty() : capacity,
            responsible),
        new AuthorizedCall.AuthorizationBasis(
            account(Instance.Ref.of(service)),
            source,
            new Destination(Endpoint.of(endpoint), placement, sent),
            keySetAt,
            new Handle("openai"),
            Optional.ofNullable(organization).map(Organization::new),
            0,
            models,
            new ChargePolicy(provider, List.of(), budgets, rates),
            new AuthorizedCall.ConnectionBasis(connections, atATime, false),
            own ? Optional.empty() : Optional.of(isolation())),
        secrets(own),
        false,
        CallSpending.NONE);
  }

  private AuthorizedCall.Secrets secrets(boolean own) {
    return new AuthorizedCall.Secrets(
        Optional.ofNullable(key).map(k -> Secret.apiKey(k.getBytes(US_ASCII))),
        new CustomHeaders(
            headers.entrySet().stream()
                .map(
                    h ->
                        CustomHeader.of(
                            new HeaderName(h.getKey()), h.getValue().getBytes(US_ASCII)))
                .toList()),
        own ? Optional.empty() : Optional.of(names()),
        token);
  }

  private UsageAccount account(Instance.Ref service) {
    return new UsageAccount(caller, new Handle("caller"), id, service, OWNER, Optional.empty());
  }
}
