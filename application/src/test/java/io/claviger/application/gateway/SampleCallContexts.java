package io.claviger.application.gateway;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.APace;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.gateway.port.CallContexts.Giver;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.HoldingGroup;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.fairness.MaxWait;
import io.claviger.domain.fairness.OnTooManyRequests;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.instances.WebOrigins;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.KeyPlacement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Call contexts as they are read from a database, without shared objects. Users, tokens, services
 * and projects are named by number; the user's service belongs to someone else.
 *
 * @param heavy whether everything is as large as it can be
 */
record SampleCallContexts(boolean heavy) {
  private static final Instant NOW = Seeds.SEEDED_AT;

  static TokenHash token(int user, int token) {
    return new TokenHash(ByteBuffer.allocate(32).putInt(user).putInt(token).array());
  }

  static User.Id user(int number) {
    return new User.Id(new UUID(1, number));
  }

  static Instance.Ref service(int number) {
    return new Instance.Ref(new Handle("alice"), new Handle("service-" + number));
  }

  static Project.Ref project(int number) {
    return new Project.Ref(new Handle("alice"), new Handle("project-" + number));
  }

  CallContext<ServiceContext> ofService(int user, int token, int service) {
    return new CallContext<>(
        accessToken(user, token), caller(user), Optional.of(target(user, service)));
  }

  CallContext<ProjectContext> ofProject(int user, int token, int project) {
    return new CallContext<>(
        accessToken(user, token),
        caller(user),
        Optional.of(
            new ProjectContext(
                new CalledProject(
                    new Project.Id(new UUID(3, project)), user(0), project(project), limits()),
                Optional.of(Role.READER),
                Optional.of(target(user, project)),
                Optional.of(share()),
                heavy ? Optional.of(new UUID(9, 9)) : Optional.empty(),
                heavy)));
  }

  private AccessToken accessToken(int user, int token) {
    return new AccessToken(
        new AccessToken.Id(new UUID(user, token)),
        user(user),
        new TokenName(heavy ? "\u4e00".repeat(60) : "laptop"),
        TokenScope.MANAGE,
        AccessToken.Provenance.of(AccessToken.Origin.USER),
        Optional.empty(),
        limits(),
        new InheritedLimits(inheritedRates(), inheritedBudgets(), inheritedPaces()),
        NOW,
        Optional.of(NOW.plusSeconds(60)),
        Optional.of(NOW),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }

  private static TokenUser caller(int user) {
    return new TokenUser(user(user), new Handle("user-" + user), false);
  }

  private static CredentialSettings federated() {
    Map<CredentialField, String> settings = new EnumMap<>(CredentialField.class);
    for (CredentialField field : CredentialField.values()) {
      settings.put(field, "v".repeat(1_000));
    }
    return CredentialSettings.stored(CredentialKind.FEDERATED, settings);
  }

  private ServiceContext target(int user, int service) {
    return new ServiceContext(
        new CallableInstance(
            new Instance.Id(new UUID(2, service)),
            user(0),
            service(service),
            Provider.OPENAI_COMPAT,
            Endpoint.of("https://example.com/" + (heavy ? "a".repeat(2_000) : "v1")),
            KeyPlacement.BEARER,
            heavy ? Optional.of(new Organization("o".repeat(256))) : Optional.empty(),
            new Timeout(1_000),
            true,
            new KeyPolicy(true, true, true),
            limits(),
            Optional.of(NOW),
            1,
            Optional.empty(),
            PromptCache.PER_CALLER,
            Attribution.ON,
            StorageKinds.NONE,
            1,
            heavy ? Limits.of(budgets()).with(APace.most()) : Limits.NONE,
            heavy ? limited() : CapacityPolicy.USUAL,
            heavy ? federated() : CredentialSettings.API_KEY,
            Audience.SHARED,
            heavy ? namingOrigins() : ConnectionTerms.USUAL,
            heavy ? sent() : SentSettings.NONE),
        Seeds.standard("openai").callable(),
        Optional.of(share()),
        new SealedKeys(
            Optional.of(sealed(10_000)),
            Optional.of(sealed(20_000)),
            Optional.of(sealed(10_000)),
            Optional.of(sealed(65))),
        Optional.of(NOW),
        heavy
            ? new UserLimits(
                limits(),
                IntStream.range(0, 3)
                    .mapToObj(n -> new UserLimits.OfGroup(new UUID(8, n), limits(), limits()))
                    .toList())
            : UserLimits.NONE,
        heavy ? Optional.of(new UUID(9, 9)) : Optional.empty());
  }

  private List<TokenBudget> inheritedBudgets() {
    return heavy
        ? IntStream.range(0, TokenBudget.MOST)
            .mapToObj(n -> new TokenBudget(new UUID(5, n), budgets().all().get(n % 4)))
            .toList()
        : List.of();
  }

  private static SentSettings sent() {
    return SentSettings.of(
        IntStream.range(0, 32)
            .mapToObj(n -> "query " + "p".repeat(60) + n + "=" + "v".repeat(256))
            .toList());
  }

  private static ConnectionTerms namingOrigins() {
    return new ConnectionTerms(
        ConnectionTerms.Longest.HOUR,
        new WebOrigins(
            IntStream.range(0, 16)
                .mapToObj(n -> "https://" + "o".repeat(250) + (char) ('a' + n))
                .toList()));
  }

  private static CapacityPolicy limited() {
    return new CapacityPolicy(
        new ProviderLimits(
            new PaceLimits(
                Stream.of(PaceLimit.values())
                    .collect(Collectors.toMap(Function.identity(), limit -> 1_000_000L))),
            OptionalInt.of(100_000)),
        Optional.of(new CapacityGroup("g".repeat(64))),
        new MaxWait(120_000),
        OnTooManyRequests.PASS);
  }

  private static Budgets budgets() {
    return new Budgets(
        Stream.of(BudgetWindow.values())
            .map(
                window ->
                    ABudget.tokens(7)
                        .per(window)
                        .in(String.join("/", "America", "Argentina", "Buenos_Aires"))
                        .build())
            .toList());
  }

  private List<TokenRate> inheritedRates() {
    return IntStream.range(0, heavy ? TokenRate.MOST : 0)
        .mapToObj(n -> new TokenRate(new UUID(5, n), 100 - n))
        .toList();
  }

  private List<TokenPace> inheritedPaces() {
    return IntStream.range(0, heavy ? TokenPace.MOST : 0)
        .mapToObj(n -> new TokenPace(new UUID(9, n), PaceKind.TOKENS, 1_000 - n))
        .toList();
  }

  private HeldShare share() {
    return new HeldShare(
        new Share.Terms(Role.READER, true, Optional.of(NOW.plusSeconds(3_600)), limits()),
        Role.READER,
        heavy
            ? Optional.of(new Giver(new User.Id(new UUID(6, 6)), limits(), Weight.USUAL))
            : Optional.empty(),
        heavy
            ? Optional.of(
                new HoldingGroup(new Group.Id(new UUID(7, 7)), new Handle("research"), limits()))
            : Optional.empty());
  }

  private Limits limits() {
    return heavy
        ? new Limits(
                Optional.of(1_000),
                Optional.of(
                    IntStream.range(0, 100)
                        .mapToObj(n -> new ModelPattern("\u4e00".repeat(253) + n))
                        .collect(Collectors.toSet())),
                Optional.of(
                    IntStream.range(0, 99)
                        .mapToObj(n -> new Operation("POST embeddings/" + "a".repeat(170) + n))
                        .collect(
                            Collectors.collectingAndThen(Collectors.toSet(), this::withUsual))),
                Optional.of(1_000),
                budgets())
            .with(APace.most())
        : Limits.NONE;
  }

  private Set<Operation> withUsual(Set<Operation> operations) {
    operations.add(new Operation("POST embeddings"));
    return operations;
  }

  private SealedValue sealed(int large) {
    byte[] bytes = new byte[heavy ? large : 100];
    bytes[0] = 1;
    return new SealedValue(bytes);
  }
}
