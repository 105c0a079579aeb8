package io.claviger.domain.routing;

import static io.claviger.domain.routing.Routing.listing;
import static io.claviger.domain.routing.Routing.name;
import static io.claviger.domain.routing.Routing.service;
import static io.claviger.domain.routing.Routing.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.Seeds;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.routing.ModelNames.NamedModel;
import io.claviger.domain.standards.WireFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelNamesTest {
  private static final int ALL = 10_000;

  private record Pair(ModelCandidate service, String model) {}

  static LongStream seeds() {
    return Seeds.fresh();
  }

  @Test
  void the_catalogue_stands_first_then_names_that_win_then_references() {
    ModelCandidate own = listing(service(1, "alice/a", RoutingRank.OWN, "m"), "m", "n");
    ModelCandidate system = service(2, "_system/s", RoutingRank.SYSTEM, "m");
    ModelCandidate shared = service(3, "bob/b", RoutingRank.BY_REFERENCE_ONLY, "o");
    ModelRouter router =
        new ModelRouter(
            List.of(name("fast", FailureMode.NONE, target(own, "n"))),
            List.of(shared, system, own));

    assertThat(ModelNames.of(router, WireFormat.OPENAI, ALL))
        .extracting(NamedModel::name)
        .containsExactly("fast", "m", "_system/s/m", "bob/b/o");
    assertThat(ModelNames.of(router, WireFormat.OPENAI, 2))
        .extracting(NamedModel::name)
        .containsExactly("fast", "m");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_is_listed_is_callable_by_that_name_and_listed_once(long seed) {
    for (int i = 0; i < 200; i++) {
      RandomWorld world = new RandomWorld(seed + i);
      for (WireFormat format : List.of(WireFormat.OPENAI, WireFormat.ANTHROPIC)) {
        check(world, format);
      }
    }
  }

  private static void check(RandomWorld world, WireFormat format) {
    ModelRouter router = world.router();
    List<NamedModel> listed = ModelNames.of(router, format, ALL);
    Set<Pair> pairs = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (NamedModel each : listed) {
      assertThat(router.route(format, each.name()))
          .hasValueSatisfying(
              route -> {
                assertThat(route.first().service()).isEqualTo(each.service());
                assertThat(route.first().model()).isEqualTo(each.model());
              });
      assertThat(pairs.add(new Pair(each.service(), each.model()))).isTrue();
      assertThat(names.add(each.name())).isTrue();
    }
    for (String name : world.spellings()) {
      router.route(format, name).ifPresent(route -> checkRoute(route, pairs, format));
    }
  }

  /**
   * If a name leads to a service without being listed there, the call is allowed, and the name is
   * meant for that service.
   */
  private static void checkRoute(ModelRoute route, Set<Pair> listed, WireFormat format) {
    for (ModelRoute.Target target : route.targets()) {
      assertThat(target.service().isCallable()).isTrue();
      assertThat(target.service().allows(target.model())).isTrue();
      assertThat(target.service().format()).isEqualTo(format);
    }
    ModelCandidate service = route.first().service();
    String model = route.first().model();
    if (route.rule() == RoutingRule.UNLISTED_NAME) {
      assertThat(service.takesUnlisted()).isTrue();
      assertThat(listed).noneMatch(pair -> pair.model().equals(model) && isOffered(pair));
    } else if (route.rule() != RoutingRule.REFERENCE
        || service.names(model)
        || (service.lists(model) && RandomWorld.isBare(model))) {
      assertThat(listed).contains(new Pair(service, model));
    }
  }

  /** Names of the catalogue may lead to models that the service does not offer itself. */
  private static boolean isOffered(Pair pair) {
    ModelCandidate service = pair.service();
    return service.rank() != RoutingRank.BY_REFERENCE_ONLY
        && (service.names(pair.model()) || service.lists(pair.model()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_explanation_says_what_the_gateway_does(long seed) {
    RandomWorld world = new RandomWorld(seed);
    ModelRouter router = world.router();
    for (String name : world.spellings()) {
      RouteExplanation explained = RouteExplanation.of(router, WireFormat.OPENAI, name);
      assertThat(explained.route()).isEqualTo(router.route(WireFormat.OPENAI, name));
      assertThat(explained.reason().isEmpty()).isEqualTo(explained.route().isPresent());
      assertThat(explained.steps()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_share_that_was_not_accepted_is_never_reached_by_a_bare_name(long seed) {
    RandomWorld world = new RandomWorld(seed);
    ModelRouter router = world.router();
    for (String name : world.spellings()) {
      router
          .route(WireFormat.OPENAI, name)
          .filter(route -> route.first().service().rank() == RoutingRank.BY_REFERENCE_ONLY)
          .filter(route -> route.rule() != RoutingRule.CATALOGUE)
          .ifPresent(
              route ->
                  assertThat(name)
                      .startsWith(route.first().service().ref().orElseThrow().toString()));
    }
  }

  @Test
  void a_thousand_services_are_listed() {
    List<ModelCandidate> services =
        IntStream.range(0, 1000)
            .mapToObj(n -> service(n, "alice/s" + n, RoutingRank.OWN, "m" + n))
            .toList();
    assertThat(ModelNames.of(new ModelRouter(List.of(), services), WireFormat.OPENAI, ALL))
        .hasSize(1000);
  }
}
