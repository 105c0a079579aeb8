package io.claviger.application.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.routing.ModelRouting.ListedModel;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is listed is what a call is authorized for, in worlds made at random: owners, shares with
 * limits and expiry, disabled services, services without a key, restricted tokens. The seed is the
 * name of the test.
 */
class RandomWorldsTest {
  private static final List<String> MODELS = List.of("m", "n", "o");

  private final Questions q = new Questions();
  private final List<Instance> services = new ArrayList<>();
  private final List<TokenText> tokens = new ArrayList<>();

  static LongStream seeds() {
    return ThreadLocalRandom.current().longs(40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_is_listed_is_callable_and_what_a_service_names_is_listed(long seed) {
    fill(new Random(seed));
    for (TokenText token : tokens) {
      List<ListedModel> listed = q.listed(token);
      for (ListedModel each : listed) {
        assertThat(q.ask(token, each.name())).isInstanceOf(RoutingDecision.Routed.class);
        RoutedTarget target = ((RoutingDecision.Routed) q.ask(token, each.name())).targets().get(0);
        assertThat(target.model()).isEqualTo(each.model());
        assertThat(isAuthorized(token, target.callTarget(), target.model())).isTrue();
      }
      for (Instance service : services) {
        String model = service.settings().fields().model().value();
        boolean callable = isAuthorized(token, new CallTarget.Service(service.ref()), model);
        assertThat(
                listed.stream()
                    .anyMatch(
                        l ->
                            l.ownedBy().equals(service.ref().toString())
                                && l.model().equals(model)))
            .isEqualTo(callable);
      }
    }
  }

  private boolean isAuthorized(TokenText token, CallTarget callTarget, String model) {
    CallAuthorization.AuthorizationOutcome outcome =
        q.w.callAuthorization.authorize(
            CallRequest.ofWhole(
                token,
                callTarget,
                "POST",
                "chat/completions",
                new CallerOrigin("192.0.2.8"),
                "request-8"));
    if (!(outcome instanceof CallAuthorization.AuthorizationOutcome.Authorized authorized)) {
      return false;
    }
    try (AuthorizedCall call = authorized.call()) {
      return call.models().isEmpty() || ModelPattern.anyMatches(call.models().get(), model);
    }
  }

  private void fill(Random random) {
    List<User> users = List.of(q.alice, q.bob, q.w.administrator("root"));
    for (User owner : users) {
      for (int n = random.nextInt(3); n >= 0; n--) {
        services.add(service(random, AnInstance.of(owner, "s" + n)));
      }
    }
    services.add(service(random, AnInstance.systemLevel("common")));
    for (Instance service : services) {
      for (User user : users) {
        boolean sharable = !service.isSystemLevel() && !service.owner().equals(user.id());
        if (sharable && random.nextBoolean()) {
          share(random, service, user);
        }
      }
    }
    for (User user : users) {
      Project project = q.w.stored(AProject.of(user, "p").using(any(random, services)).build());
      q.w.member(project, users.get((users.indexOf(user) + 1) % 3), Role.READER);
      tokens.add(q.w.stored(AToken.of(user).limits(limits(random)).build()));
      tokens.add(q.w.stored(AToken.of(user).onlyFor(any(random, services)).build()));
      tokens.add(q.w.stored(AToken.of(user).onlyFor(project).build()));
    }
  }

  private Instance service(Random random, AnInstance builder) {
    builder.model(any(random, MODELS)).limits(limits(random));
    AnInstance unused = random.nextInt(4) == 0 ? builder.disabled() : builder;
    Instance service =
        random.nextInt(4) == 0 ? builder.build() : builder.apiStandard("none").build();
    q.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }

  private void share(Random random, Instance service, User with) {
    AShare share = AShare.with(with).limits(limits(random));
    if (random.nextInt(3) == 0) {
      share.expiresAt(q.w.claviger.clock().instant().plusSeconds(random.nextInt(3) - 1));
    }
    q.w.stored(service, share.build());
    if (random.nextBoolean()) {
      boolean unused =
          q.w
              .claviger
              .bareNames()
              .accept(service.id(), with.id(), Optional.empty(), q.w.claviger.clock().instant());
    }
  }

  private static Limits limits(Random random) {
    return random.nextInt(3) > 0
        ? Limits.NONE
        : new Limits(
            Optional.empty(),
            Optional.of(Set.of(new ModelPattern(any(random, List.of("m", "n*", "*"))))),
            Optional.empty());
  }

  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
