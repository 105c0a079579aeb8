package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.KeyCases.Caller;
import io.claviger.application.gateway.KeyCases.EndpointKind;
import io.claviger.application.gateway.KeyCases.SealedFor;
import io.claviger.application.gateway.KeyCases.Stored;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For all combinations of stored keys and bindings, the service's view, the explanation, the
 * catalogue, the check and the gateway agree with the rules. The key and the endpoint of a call are
 * from one row.
 */
@Order(1)
class KeyDecisionConsistencyTest {
  private static final String CENTRAL = "sk-central-of-the-row";
  private static final String OWN = "sk-own-of-the-caller";
  private static final String DEPLOYMENT = "sk-of-the-deployment";
  private static final String SIBLING = "sk-of-the-sibling-row";

  private final Calls c = new Calls();
  private final StoredKeys keys = new StoredKeys(c.w);
  private int services;

  /** One of so many combinations of stored values is played, another one in each case. */
  private final int part = Integer.getInteger("test.combinations.part", 1);

  private static int combinations;

  static Stream<Arguments> cases() {
    return KeyCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everybody_who_is_asked_says_what_the_rules_say(
      Caller caller, EndpointKind endpoint, KeyPolicy policy) {
    Instance sibling =
        keys.withKey(builder(caller, endpoint, "sibling").keyPolicy(policy), SIBLING);
    keys.ofUser(sibling, user(caller), SIBLING);
    for (boolean deployment : new boolean[] {false, true}) {
      if (deployment) {
        c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENT);
        c.w.claviger.deploymentKeys().put(Provider.OLLAMA, DEPLOYMENT);
      }
      // A transaction copies all that is stored, so each case begins with little.
      Runnable takeBack = c.w.claviger.transactions().savepoint();
      for (boolean enabled : new boolean[] {false, true}) {
        for (SealedFor own : SealedFor.values()) {
          for (SealedFor central :
              new SealedFor[] {
                SealedFor.ABSENT,
                SealedFor.RIGHT,
                SealedFor.ANOTHER_ROW,
                SealedFor.ANOTHER_DESTINATION
              }) {
            for (SealedFor headers :
                new SealedFor[] {SealedFor.ABSENT, SealedFor.RIGHT, SealedFor.ANOTHER_ROW}) {
              if (combinations++ % part != 0) {
                continue;
              }
              Stored stored = new Stored(enabled, own, central, headers, deployment);
              Instance service = store(caller, endpoint, policy, stored, sibling);
              assertOneAnswer(
                  caller, service, stored, KeyCases.expected(caller, endpoint, policy, stored));
              takeBack.run();
            }
          }
        }
      }
    }
  }

  private void assertOneAnswer(
      Caller caller, Instance service, Stored stored, Optional<KeySource> expected) {
    assertThat(viewed(caller, service)).as("view, %s", stored).isEqualTo(expected.isPresent());
    assertThat(explained(caller, service)).as("explanation, %s", stored).isEqualTo(expected);
    assertThat(called(caller, service)).as("call, %s", stored).isEqualTo(expected);
    assertThat(probed(caller, service)).as("check, %s", stored).isEqualTo(expected.isPresent());
    if (caller.systemLevel()) {
      assertThat(runnable(caller, service)).as("catalogue, %s", stored).isEqualTo(expected);
    }
  }

  private boolean viewed(Caller caller, Instance service) {
    Outcome<InstanceView> outcome = c.w.instances.find(actor(caller), service.ref());
    assertThat(outcome instanceof Outcome.Done).isEqualTo(caller.sees());
    return outcome instanceof Outcome.Done<InstanceView> found
        && found.value().hasEffectiveApiKey();
  }

  private Optional<KeySource> explained(Caller caller, Instance service) {
    Outcome<CallExplanation> outcome =
        c.w.explanations.explain(
            actor(caller), service.ref(), CallExplanations.ExplanationQuery.NONE);
    assertThat(outcome instanceof Outcome.Done).isEqualTo(caller.sees());
    return outcome instanceof Outcome.Done<CallExplanation> it
        ? it.value().source()
        : Optional.empty();
  }

  private Optional<KeySource> called(Caller caller, Instance service) {
    if (c.call(token(caller), service)
        instanceof CallAuthorization.AuthorizationOutcome.Authorized authorized) {
      try (AuthorizedCall call = authorized.call()) {
        assertThat(call.endpoint()).isEqualTo(service.settings().fields().endpoint());
        assertThat(call.key().map(Calls::text)).isEqualTo(text(call.source()));
        return Optional.of(call.source());
      }
    }
    return Optional.empty();
  }

  private boolean probed(Caller caller, Instance service) {
    int before = c.w.claviger.probe().asked().size();
    ConnectionChecks.CheckOutcome outcome =
        c.w.connectionChecks.check(actor(caller), service.ref());
    boolean ok =
        outcome instanceof ConnectionChecks.CheckOutcome.Checked checked
            && checked.check().status() == ConnectionStatus.OK;
    assertThat(c.w.claviger.probe().asked()).hasSize(before + (ok ? 1 : 0));
    return ok;
  }

  private Optional<KeySource> runnable(Caller caller, Instance service) {
    return c
        .w
        .models
        .list(actor(caller), new PageRequest<>(Optional.empty(), 200))
        .orThrow()
        .items()
        .stream()
        .filter(r -> r.service().equals(service.ref()))
        .map(RunnableModel::source)
        .findFirst();
  }

  private static Optional<String> text(KeySource source) {
    return switch (source) {
      case KEYLESS -> Optional.empty();
      case USER -> Optional.of(OWN);
      case CENTRAL -> Optional.of(CENTRAL);
      case DEPLOYMENT -> Optional.of(DEPLOYMENT);
    };
  }

  private Instance store(
      Caller caller, EndpointKind endpoint, KeyPolicy policy, Stored stored, Instance sibling) {
    AnInstance builder = builder(caller, endpoint, "s" + ++services).keyPolicy(policy);
    if (!stored.enabled()) {
      builder.disabled();
    }
    if (stored.central() != SealedFor.ABSENT) {
      builder.apiKeySetAt(sibling.createdAt());
    }
    if (stored.headers() != SealedFor.ABSENT) {
      builder.headerNames("X-Team");
    }
    Instance service = builder.build();
    c.w
        .claviger
        .instances()
        .insert(service, central(service, stored, sibling), headers(service, stored, sibling));
    if (stored.own() != SealedFor.ABSENT) {
      keys.ofUser(service, user(caller), own(service, user(caller), stored.own(), sibling));
    }
    if (caller == Caller.READER) {
      Share unused = c.w.stored(service, AShare.with(c.bob).build());
    }
    if (caller.systemLevel()) {
      replaceTheModel(service);
    }
    return service;
  }

  private void replaceTheModel(Instance service) {
    c.w
        .claviger
        .modelConfigs()
        .live(Optional.empty(), 10)
        .forEach(m -> c.w.claviger.modelConfigs().delete(m.id(), c.root.id(), service.createdAt()));
    c.w.claviger.modelConfigs().insert(AModelConfig.of("m").boundTo(service).build(), c.root.id());
  }

  private SecretChange central(Instance service, Stored stored, Instance sibling) {
    if (stored.central() == SealedFor.ABSENT) {
      return new SecretChange.Keep();
    }
    Instance row = stored.central() == SealedFor.ANOTHER_ROW ? sibling : service;
    return new SecretChange.Replace(
        keys.value(KeyBinding.ofApiKey(row.id(), destination(service, stored.central())), CENTRAL));
  }

  private SecretChange headers(Instance service, Stored stored, Instance sibling) {
    if (stored.headers() == SealedFor.ABSENT) {
      return new SecretChange.Keep();
    }
    Instance row = stored.headers() == SealedFor.ANOTHER_ROW ? sibling : service;
    return new SecretChange.Replace(
        keys.header(KeyBinding.ofHeaders(row.id(), service.destination()), "X-Team", "a-team"));
  }

  private SealedValue own(Instance service, User caller, SealedFor at, Instance sibling) {
    Instance row = at == SealedFor.ANOTHER_ROW ? sibling : service;
    User another = caller.equals(c.alice) ? c.bob : c.alice;
    User user = at == SealedFor.ANOTHER_USER ? another : caller;
    return keys.value(KeyBinding.ofUserKey(row.id(), user.id(), destination(service, at)), OWN);
  }

  private static Destination destination(Instance service, SealedFor at) {
    return at == SealedFor.ANOTHER_DESTINATION
        ? new Destination(Endpoint.of("https://elsewhere.example.org/v1"), service.placement())
        : service.destination();
  }

  private AnInstance builder(Caller caller, EndpointKind endpoint, String handle) {
    AnInstance builder =
        caller.systemLevel() ? AnInstance.systemLevel(handle) : AnInstance.of(c.alice, handle);
    return switch (endpoint) {
      case DEFAULT_DESTINATION -> builder;
      case ANOTHER_ENDPOINT -> builder.endpoint("https://api.openai.com/v2");
      case KEYLESS -> builder.provider(Provider.OLLAMA);
    };
  }

  private User user(Caller caller) {
    return switch (caller) {
      case OWNING_USER -> c.alice;
      case READER, STRANGER, USER_OF_SYSTEM_LEVEL -> c.bob;
      case ADMINISTRATOR, ADMINISTRATOR_OF_SYSTEM_LEVEL -> c.root;
    };
  }

  private Actor actor(Caller caller) {
    return c.w.as(user(caller));
  }

  private TokenText token(Caller caller) {
    User user = user(caller);
    return user.equals(c.alice) ? c.alices : user.equals(c.bob) ? c.bobs : c.roots;
  }
}
