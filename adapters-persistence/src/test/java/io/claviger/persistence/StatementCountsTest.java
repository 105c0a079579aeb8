package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.projects.Project;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every list takes as many statements for sixty items as for one. */
final class StatementCountsTest {
  private static final int MANY = 60;
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports RECORDED_PORTS = PORTS.through(STATEMENTS);
  private static final RacingUseCases USE = new RacingUseCases(RECORDED_PORTS);

  private static final User ROOT = AUser.called("root").administrator().build();
  private static final User ALICE = AUser.called("alice").build();
  private static final User BOB = AUser.called("bob").build();
  private static final Instance SHARED = AnInstance.of(ALICE, "shared").build();
  private static final Definition TEMPLATE = ADefinition.of(ALICE, "shared").build();
  private static final Project PROJECT = AProject.of(ALICE, "shared").build();

  /** A list, and how many items it has. */
  enum Listed {
    SERVICES_OF_A_USER(() -> services(ALICE.handle())),
    SYSTEM_LEVEL_SERVICES(() -> services(Handle.SYSTEM)),
    SERVICES_AS_THEY_WOULD_BE_CALLED(
        () ->
            RECORDED_PORTS
                .callContexts()
                .usableBy(ALICE.id(), Optional.empty(), 200, Seeds.SEEDED_AT)
                .size()),
    SHARES_OF_A_SERVICE(
        () ->
            USE.sharing
                .list(RacingUseCases.as(ALICE), SHARED.ref(), first())
                .orThrow()
                .items()
                .size()),
    RUNNABLE_MODELS(
        () -> USE.models.list(RacingUseCases.as(ALICE), first()).orThrow().items().size()),
    THE_MODEL_CATALOGUE(
        () -> USE.modelConfigs.list(RacingUseCases.as(ROOT), first()).orThrow().items().size()),
    DEFINITIONS(
        () ->
            USE.definitions
                .list(
                    RacingUseCases.as(ALICE),
                    new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty()),
                    first())
                .orThrow()
                .items()
                .size()),
    WHO_SEES_A_DEFINITION(
        () ->
            USE.definitions
                .listShares(RacingUseCases.as(ALICE), TEMPLATE.ref(), first())
                .orThrow()
                .items()
                .size()),
    PROJECTS(
        () ->
            USE.projects
                .list(RacingUseCases.as(ALICE), ALICE.handle(), first())
                .orThrow()
                .items()
                .size()),
    MEMBERS_OF_A_PROJECT(
        () ->
            USE.projects
                .listShares(RacingUseCases.as(ALICE), PROJECT.ref(), first())
                .orThrow()
                .items()
                .size()),
    USERS(() -> USE.users.list(RacingUseCases.as(ROOT), first()).orThrow().items().size()),
    ACCESS_TOKENS(
        () ->
            USE.accessTokens
                .list(RacingUseCases.as(ALICE), ALICE.handle(), first())
                .orThrow()
                .items()
                .size()),
    USAGE(
        () ->
            USE.usage
                .list(RacingUseCases.as(ALICE), UsageFilter.NONE, first())
                .orThrow()
                .items()
                .size());

    private final Supplier<Integer> items;

    Listed(Supplier<Integer> items) {
      this.items = items;
    }
  }

  private record Asked(int items, int statements) {}

  private static final Map<Listed, Asked> FOR_ONE = new EnumMap<>(Listed.class);
  private static final Map<Listed, Asked> FOR_MANY = new EnumMap<>(Listed.class);

  @BeforeAll
  static void askTwice() {
    PORTS
        .encryptionKeys()
        .add(
            RacingUseCases.SEALER.sealingKey(),
            RacingUseCases.SEALER.sentinel(RacingUseCases.SEALER.sealingKey()));
    PORTS.users().insert(ROOT);
    PORTS.users().insert(ALICE);
    PORTS.users().insert(BOB);
    PORTS.instances().insert(SHARED, new SecretChange.Keep(), new SecretChange.Keep());
    PORTS.definitions().insert(TEMPLATE);
    PORTS.projects().insert(PROJECT);

    fill(0);
    ask(FOR_ONE);
    for (int n = 1; n < MANY; n++) {
      fill(n);
    }
    ask(FOR_MANY);
  }

  @ParameterizedTest
  @EnumSource
  void sixty_items_cost_as_many_statements_as_one(Listed list) {
    Asked one = Objects.requireNonNull(FOR_ONE.get(list));
    Asked many = Objects.requireNonNull(FOR_MANY.get(list));

    assertThat(one.items()).isPositive();
    assertThat(many.items()).isGreaterThanOrEqualTo(one.items() + MANY - 1);
    assertThat(many.statements()).isEqualTo(one.statements()).isBetween(1, 3);
  }

  private static void ask(Map<Listed, Asked> answers) {
    for (Listed list : Listed.values()) {
      STATEMENTS.forget();
      int items = list.items.get();
      answers.put(list, new Asked(items, STATEMENTS.count()));
    }
  }

  /** Adds one item to every list. */
  private static void fill(int n) {
    User user = AUser.called("user-" + n).build();
    PORTS.users().insert(user);
    PORTS.accessTokens().save(AToken.of(ALICE).build(), hash(n));
    Instance own = withKeys(AnInstance.of(ALICE, "own-" + n));
    Instance others = withKeys(AnInstance.of(BOB, "others-" + n));
    PORTS.shares().insert(others.id(), AShare.with(ALICE).givenBy(BOB).build(), BOB.id());
    PORTS.shares().insert(SHARED.id(), AShare.with(user).givenBy(ALICE).build(), ALICE.id());
    Instance systems = withKeys(AnInstance.systemLevel("systems-" + n));
    PORTS.modelConfigs().insert(AModelConfig.of("m-" + n).boundTo(systems).build(), ROOT.id());
    PORTS.definitions().insert(ADefinition.of(ALICE, "own-" + n).build());
    PORTS.definitionShares().insert(TEMPLATE.id(), AShare.with(user).build(), ALICE.id());
    PORTS.projects().insert(AProject.of(ALICE, "own-" + n).using(own).build());
    PORTS.projectShares().insert(PROJECT.id(), AShare.with(user).build(), ALICE.id());
    PORTS.usage().add(UsageStore.UsageBatch.alone(List.of(AUsage.of(user, SHARED).build())));
  }

  /** Stored with a key, and one of Alice's own. */
  private static Instance withKeys(AnInstance builder) {
    Instance instance =
        builder.keyPolicy(new KeyPolicy(true, true, true)).apiKeySetAt(Seeds.SEEDED_AT).build();
    PORTS
        .instances()
        .insert(
            instance,
            new SecretChange.Replace(
                asStored(KeyBinding.ofApiKey(instance.id(), instance.destination()))),
            new SecretChange.Keep());
    boolean unused =
        PORTS
            .userKeys()
            .save(
                new UserKey(instance.id(), ALICE.id(), Seeds.SEEDED_AT),
                asStored(KeyBinding.ofUserKey(instance.id(), ALICE.id(), instance.destination())));
    return instance;
  }

  private static SealedValue asStored(KeyBinding binding) {
    try (Secret secret = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      return RacingUseCases.SEALER.seal(secret, binding);
    }
  }

  private static int services(Handle user) {
    InstanceFilter any =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return USE.instances
        .list(RacingUseCases.as(ALICE), user, any, first())
        .orThrow()
        .items()
        .size();
  }

  private static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT);
  }

  private static TokenHash hash(int n) {
    return new TokenHash(ByteBuffer.allocate(32).putInt(n).array());
  }
}
