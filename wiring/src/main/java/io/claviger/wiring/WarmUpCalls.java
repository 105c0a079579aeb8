package io.claviger.wiring;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.batches.BatchReservations;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAdmission;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallKeys;
import io.claviger.application.gateway.PaceLimiter;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.TransientFailure;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.NamingKey;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.warmup.WarmUp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls with which a node warms up. The same code authorizes these calls and real calls, but
 * the user, service and budgets of these calls exist only in memory. Nothing about these calls is
 * written to the database. The only query of these calls searches for a token that the database
 * does not contain. The key and the token of these calls are random, and nobody else knows them.
 */
record WarmUpCalls(CallableInstance instance, SealedKeys keys, TokenText token, Instant now)
    implements CallContexts {
  private static final Handle NAME = new Handle("warm-up");
  private static final Instance.Ref SERVICE = new Instance.Ref(NAME, NAME);
  private static final User.Id OWNER = new User.Id(UUID.randomUUID());
  private static final User.Id CALLER = new User.Id(UUID.randomUUID());
  private static final int QUESTIONS = 25;

  /** The time after which a thread asks the database nothing more, in nanoseconds. */
  private static final long ASKS_FOR = Duration.ofSeconds(1).toNanos();

  private static final int RANDOM_BYTES = 96;
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final long DOLLARS = 1_000_000_000_000_000L;
  private static final Limits LIMITS =
      new Limits(
          Optional.of(1_000_000),
          Optional.of(Set.of(new ModelPattern(NAME.value()))),
          Optional.of(
              Set.of(new Operation("POST embeddings"), new Operation("POST chat/completions"))),
          Optional.empty(),
          new Budgets(
              List.of(
                  budget(BudgetUnit.USD, BudgetWindow.MONTH, BudgetBound.MEASURED),
                  budget(BudgetUnit.USD, BudgetWindow.DAY, BudgetBound.STRICT),
                  budget(BudgetUnit.TOKENS, BudgetWindow.WEEK, BudgetBound.MEASURED))));
  private static final CallableStandard STANDARD =
      new CallableStandard(
          NAME,
          WireFormat.USUAL,
          KeyPlacement.BEARER,
          List.copyOf(LIMITS.operations().orElseThrow()),
          List.of(new RequestHeader("openai-beta")),
          List.of(new ResponseHeader("openai-processing-ms")),
          List.of());

  /** The objects that these calls share with real calls. */
  record Parts(
      RandomBytes random,
      Sealer sealer,
      GatewayConfiguration.CallPorts ports,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      CallKeys keys,
      BatchReservations batches,
      UsageCounter usage,
      AuditedChanges changes) {}

  static WarmUp.Calls to(Endpoint endpoint, Parts parts) {
    RandomBytes random = parts.random();
    CallableInstance instance = instance(endpoint);
    SealedKeys keys =
        new SealedKeys(
            Optional.of(sealedKey(parts.sealer(), instance, random)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(namingKey(parts.sealer(), instance, random)));
    WarmUpCalls contexts =
        new WarmUpCalls(instance, keys, TokenText.of(random.next(RANDOM_BYTES)), Instant.now());
    CallContexts stored = parts.ports().contexts();
    return new WarmUp.Calls(
        contexts.authorization(parts),
        "/gateway/services/" + SERVICE,
        contexts.token(),
        () -> contexts.ask(stored));
  }

  /** Makes the JVM compile the queries' code, and the database plan the queries. */
  private void ask(CallContexts stored) {
    long began = System.nanoTime();
    try {
      for (int question = 0;
          question < QUESTIONS && System.nanoTime() - began < ASKS_FOR;
          question++) {
        if (stored.gather(token.hash(), SERVICE, now).isPresent()) {
          throw new IllegalStateException("a random token was found among the stored tokens");
        }
      }
    } catch (TransientFailure e) {
      // The first calls prepare the database instead.
    }
  }

  /** Authorizes these calls like real calls, but with ports that read and write nothing. */
  private CallAuthorization authorization(Parts parts) {
    // The clock of this cache hardly moves, so that the changes that the cache read once count as
    // current all the time.
    AuthorizationCache cache =
        new AuthorizationCache(this, unchanged(), new AtomicLong()::incrementAndGet);
    cache.refresh();
    return CallAuthorization.of(
        cache,
        parts.acceptance(),
        parts.ports().tokens(),
        parts.rejected(),
        parts.keys(),
        new CallAdmission(
            new RateLimiter(PermitLeases.UNLIMITED, System::nanoTime),
            new PaceLimiter(parts.ports().paces(), System::nanoTime),
            budgets(),
            parts.batches()),
        parts.usage(),
        parts.changes());
  }

  private static Budget budget(BudgetUnit unit, BudgetWindow window, BudgetBound bound) {
    return new Budget(DOLLARS, unit, window, BudgetZone.UTC, bound, false);
  }

  private static CallBudgets budgets() {
    return new CallBudgets(
        new OnePrice(),
        new BudgetReservations(new GenerousLedger(), System::nanoTime),
        System::nanoTime);
  }

  /** A price book with the same prices for all models. */
  private static final class OnePrice implements PriceBook {
    private static final CallPrices PRICES =
        new CallPrices(
            Optional.empty(),
            Optional.of(
                Price.of(
                    1,
                    LocalDate.EPOCH,
                    new Rates(Map.of(Rate.INPUT, 20_000L, Rate.OUTPUT, 80_000L)))),
            ModelBounds.UNKNOWN);

    @Override
    public Optional<CallPrices> findAtOnce(PricedModel model) {
      return Optional.of(PRICES);
    }

    @Override
    public CallPrices find(PricedModel model) {
      return PRICES;
    }

    @Override
    public CallPrices find(PricedModel model, LocalDate on) {
      return PRICES;
    }

    @Override
    public Optional<ModelName> modelOf(Instance.Id service) {
      return Optional.empty();
    }
  }

  /** A ledger that grants every requested amount, and stores nothing. */
  private static final class GenerousLedger implements BudgetLedger {
    private static final Window ENDLESS = new Window(Instant.EPOCH, Optional.empty());

    @Override
    public List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each) {
      return each.stream().map(GenerousLedger::granted).toList();
    }

    @Override
    public boolean exists(BudgetAccount account) {
      return true;
    }

    @Override
    public void open(BudgetAccount account) {}

    private static BudgetAccountState granted(LedgerExchange stated) {
      Demand wanted = stated.demand();
      long held = stated.held() + wanted.needed() + wanted.extra();
      return new BudgetAccountState(
          true, ENDLESS, Duration.ofDays(1), held, DOLLARS, stated.spent(), held);
    }

    @Override
    public int writeOff() {
      return 0;
    }

    @Override
    public int removeOld() {
      return 0;
    }
  }

  private static CallableInstance instance(Endpoint endpoint) {
    return new CallableInstance(
        new Instance.Id(UUID.randomUUID()),
        OWNER,
        SERVICE,
        Provider.OPENAI_COMPAT,
        endpoint,
        KeyPlacement.BEARER,
        Optional.empty(),
        new Timeout(TIMEOUT_MILLIS),
        true,
        KeyPolicy.DEFAULT,
        Limits.NONE,
        Optional.of(Instant.now()),
        0,
        Optional.empty(),
        PromptCache.PER_CALLER,
        Attribution.ON,
        StorageKinds.NONE,
        1,
        Limits.NONE,
        CapacityPolicy.USUAL,
        CredentialSettings.API_KEY,
        Audience.SHARED,
        ConnectionTerms.USUAL,
        SentSettings.NONE);
  }

  private static SealedValue sealedKey(
      Sealer sealer, CallableInstance instance, RandomBytes random) {
    // The text of a random token serves as the key.
    byte[] text = TokenText.of(random.next(RANDOM_BYTES)).reveal().getBytes(US_ASCII);
    try (Secret key = Secret.takingOver(text)) {
      return sealer.seal(key, KeyBinding.ofApiKey(instance.id(), instance.destination()));
    }
  }

  private static SealedValue namingKey(
      Sealer sealer, CallableInstance instance, RandomBytes random) {
    try (Secret key = Secret.takingOver(random.next(NamingKey.BYTES))) {
      return sealer.seal(key, KeyBinding.ofNamingKey(instance.id()));
    }
  }

  private static ChangeFeed unchanged() {
    return (OptionalLong point) -> new ChangeFeed.Since(0, Set.of(), false);
  }

  @Override
  public Optional<CallContext<ServiceContext>> gather(
      TokenHash hash, Instance.Ref service, Instant at) {
    if (!hash.equals(token.hash()) || !service.equals(SERVICE)) {
      return Optional.empty();
    }
    return Optional.of(
        new CallContext<>(
            accessToken(), new TokenUser(CALLER, NAME, false), Optional.of(serviceContext())));
  }

  /** The token's last use counts as already recorded, so that no use is stored. */
  private AccessToken accessToken() {
    return new AccessToken(
        new AccessToken.Id(UUID.randomUUID()),
        CALLER,
        new TokenName("warm-up"),
        TokenScope.USE,
        AccessToken.Provenance.of(AccessToken.Origin.USER),
        Optional.empty(),
        Limits.NONE,
        InheritedLimits.NONE,
        now,
        Optional.empty(),
        Optional.of(now),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }

  private ServiceContext serviceContext() {
    Share.Terms terms = new Share.Terms(Role.READER, false, Optional.empty(), LIMITS);
    return new ServiceContext(
        instance,
        STANDARD,
        Optional.of(new HeldShare(terms, Optional.empty())),
        keys,
        Optional.empty(),
        UserLimits.NONE);
  }

  @Override
  public Optional<CallContext<ProjectContext>> gather(
      TokenHash hash, Project.Ref project, Instant at) {
    return Optional.empty();
  }

  @Override
  public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant at) {
    return Optional.empty();
  }

  @Override
  public List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant at) {
    return List.of();
  }
}
