package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.gateway.KeyCases.At;
import io.claviger.application.gateway.KeyCases.Stored;
import io.claviger.application.gateway.KeyCases.Where;
import io.claviger.application.gateway.KeyCases.Who;
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
import io.claviger.domain.policy.KeyExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.build.AModelConfig;
import io.claviger.testkit.build.AShare;
import io.claviger.testkit.build.AnInstance;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Over all combinations of what is stored where and sealed for what: the service's view, the
 * explanation, the catalogue, the check and the gateway say the same, namely what the rules say;
 * and the key and the endpoint of a call are of one row.
 */
class OneAnswerTest {
  private static final String CENTRAL = "sk-central-of-the-row";
  private static final String OWN = "sk-own-of-the-caller";
  private static final String DEPLOYMENT = "sk-of-the-deployment";
  private static final String SIBLING = "sk-of-the-sibling-row";

  private final Calls c = new Calls();
  private final StoredKeys keys = new StoredKeys(c.w);
  private int services;

  static Stream<Arguments> cases() {
    return KeyCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everybody_who_is_asked_says_what_the_rules_say(Who who, Where where, KeyPolicy policy) {
    Instance sibling = keys.withKey(builder(who, where, "sibling").keyPolicy(policy), SIBLING);
    keys.ofUser(sibling, user(who), SIBLING);
    for (boolean deployment : new boolean[] {false, true}) {
      if (deployment) {
        c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENT);
        c.w.claviger.deploymentKeys().put(Provider.OLLAMA, DEPLOYMENT);
      }
      for (boolean enabled : new boolean[] {false, true}) {
        for (At own : At.values()) {
          for (At central :
              new At[] {At.ABSENT, At.RIGHT, At.ANOTHER_ROW, At.ANOTHER_DESTINATION}) {
            for (At headers : new At[] {At.ABSENT, At.RIGHT, At.ANOTHER_ROW}) {
              Stored stored = new Stored(enabled, own, central, headers, deployment);
              Instance service = store(who, where, policy, stored, sibling);
              assertOneAnswer(who, service, stored, KeyCases.expected(who, where, policy, stored));
            }
          }
        }
      }
    }
  }

  private void assertOneAnswer(
      Who who, Instance service, Stored stored, Optional<KeySource> expected) {
    assertThat(viewed(who, service)).as("view, %s", stored).isEqualTo(expected.isPresent());
    assertThat(explained(who, service)).as("explanation, %s", stored).isEqualTo(expected);
    assertThat(called(who, service)).as("call, %s", stored).isEqualTo(expected);
    assertThat(probed(who, service)).as("check, %s", stored).isEqualTo(expected.isPresent());
    if (who.systemLevel()) {
      assertThat(runnable(who, service)).as("catalogue, %s", stored).isEqualTo(expected);
    }
  }

  private boolean viewed(Who who, Instance service) {
    Outcome<InstanceView> outcome = c.w.instances.find(actor(who), service.ref());
    assertThat(outcome instanceof Outcome.Done).isEqualTo(who.sees());
    return outcome instanceof Outcome.Done<InstanceView> found
        && found.value().hasEffectiveApiKey();
  }

  private Optional<KeySource> explained(Who who, Instance service) {
    Outcome<KeyExplanation> outcome = c.w.instances.explainKey(actor(who), service.ref());
    assertThat(outcome instanceof Outcome.Done).isEqualTo(who.sees());
    return outcome instanceof Outcome.Done<KeyExplanation> it
        ? it.value().decision().source()
        : Optional.empty();
  }

  private Optional<KeySource> called(Who who, Instance service) {
    if (c.call(token(who), service) instanceof CallAuthorization.Outcome.Authorized authorized) {
      try (AuthorizedCall passage = authorized.call()) {
        assertThat(passage.endpoint()).isEqualTo(service.settings().fields().endpoint());
        assertThat(passage.key().map(Calls::text)).isEqualTo(text(passage.source()));
        return Optional.of(passage.source());
      }
    }
    return Optional.empty();
  }

  private boolean probed(Who who, Instance service) {
    int before = c.w.claviger.probe().asked().size();
    ConnectionChecks.Outcome outcome =
        c.w.connectionChecks.check(actor(who), service.ref());
    boolean ok =
        outcome instanceof ConnectionChecks.Outcome.Checked checked
            && checked.check().status() == ConnectionStatus.OK;
    assertThat(c.w.claviger.probe().asked()).hasSize(before + (ok ? 1 : 0));
    return ok;
  }

  private Optional<KeySource> runnable(Who who, Instance service) {
    return c
        .w
        .models
        .list(actor(who), new PageRequest<>(Optional.empty(), 200))
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

  private Instance store(Who who, Where where, KeyPolicy policy, Stored stored, Instance sibling) {
    AnInstance builder = builder(who, where, "s" + ++services).keyPolicy(policy);
    if (!stored.enabled()) {
      builder.disabled();
    }
    if (stored.central() != At.ABSENT) {
      builder.apiKeySetAt(sibling.createdAt());
    }
    if (stored.headers() != At.ABSENT) {
      builder.headerNames("X-Team");
    }
    Instance service = builder.build();
    c.w
        .claviger
        .instances()
        .insert(service, central(service, stored, sibling), headers(service, stored, sibling));
    if (stored.own() != At.ABSENT) {
      keys.ofUser(service, user(who), own(service, user(who), stored.own(), sibling));
    }
    if (who == Who.READER) {
      Share unused = c.w.stored(service, AShare.with(c.bob).build());
    }
    if (who.systemLevel()) {
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
    if (stored.central() == At.ABSENT) {
      return new SecretChange.Keep();
    }
    Instance row = stored.central() == At.ANOTHER_ROW ? sibling : service;
    return new SecretChange.Replace(
        keys.value(KeyBinding.ofApiKey(row.id(), destination(service, stored.central())), CENTRAL));
  }

  private SecretChange headers(Instance service, Stored stored, Instance sibling) {
    if (stored.headers() == At.ABSENT) {
      return new SecretChange.Keep();
    }
    Instance row = stored.headers() == At.ANOTHER_ROW ? sibling : service;
    return new SecretChange.Replace(
        keys.header(KeyBinding.ofHeaders(row.id(), service.destination()), "X-Team", "a-team"));
  }

  private SealedValue own(Instance service, User caller, At at, Instance sibling) {
    Instance row = at == At.ANOTHER_ROW ? sibling : service;
    User another = caller.equals(c.alice) ? c.bob : c.alice;
    User user = at == At.ANOTHER_USER ? another : caller;
    return keys.value(KeyBinding.ofUserKey(row.id(), user.id(), destination(service, at)), OWN);
  }

  private static Destination destination(Instance service, At at) {
    return at == At.ANOTHER_DESTINATION
        ? new Destination(Endpoint.of("https://elsewhere.example.org/v1"), service.placement())
        : service.destination();
  }

  private AnInstance builder(Who who, Where where, String handle) {
    AnInstance builder =
        who.systemLevel() ? AnInstance.systemLevel(handle) : AnInstance.of(c.alice, handle);
    return switch (where) {
      case DEFAULT_DESTINATION -> builder;
      case ANOTHER_ENDPOINT -> builder.endpoint("https://api.openai.com/v2");
      case KEYLESS -> builder.provider(Provider.OLLAMA);
    };
  }

  private User user(Who who) {
    return switch (who) {
      case OWNING_USER -> c.alice;
      case READER, STRANGER, USER_OF_SYSTEM_LEVEL -> c.bob;
      case ADMINISTRATOR, ADMINISTRATOR_OF_SYSTEM_LEVEL -> c.root;
    };
  }

  private Actor actor(Who who) {
    return c.w.as(user(who));
  }

  private TokenText token(Who who) {
    User user = user(who);
    return user.equals(c.alice) ? c.alices : user.equals(c.bob) ? c.bobs : c.roots;
  }
}
