package io.claviger.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.routing.ObjectRouter.Choice;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.RecordCopy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ObjectRouterTest {
  private static final ObjectName ONE = new ObjectName(ObjectKind.FILES, "file-1");
  private static final ObjectName TWO = new ObjectName(ObjectKind.FILES, "file-2");

  /** What a service may be: its rank, and whether it lends files, nothing, or has an own key. */
  private record Shape(RoutingRank rank, int taking) {
    StoringService service(int number) {
      return new StoringService(
          new Instance.Id(new UUID(0, number)),
          "s" + number,
          rank,
          taking == 2,
          taking == 1 ? Set.of(ObjectKind.FILES) : Set.of());
    }
  }

  private static List<Shape> shapes() {
    List<Shape> all = new ArrayList<>();
    for (RoutingRank rank : RoutingRank.values()) {
      for (int taking = 0; taking < 3; taking++) {
        all.add(new Shape(rank, taking));
      }
    }
    return all;
  }

  /** All worlds of three services, of which at most one is the default. */
  private static List<List<StoringService>> worlds() {
    List<List<StoringService>> worlds = new ArrayList<>();
    for (Shape first : shapes()) {
      for (Shape second : shapes()) {
        for (Shape third : shapes()) {
          List<StoringService> world =
              List.of(first.service(1), second.service(2), third.service(3));
          if (world.stream().filter(s -> s.rank() == RoutingRank.DEFAULT).count() < 2) {
            worlds.add(world);
          }
        }
      }
    }
    return worlds;
  }

  private static boolean takesFiles(StoringService service) {
    return service.rank() != RoutingRank.BY_REFERENCE_ONLY
        && (service.ownKey() || !service.lent().isEmpty());
  }

  @Test
  void what_is_made_goes_to_the_default_service_or_else_to_the_only_one_that_takes_it() {
    for (List<StoringService> world : worlds()) {
      List<StoringService> taking = world.stream().filter(ObjectRouterTest::takesFiles).toList();
      List<StoringService> chosen =
          taking.stream().filter(s -> s.rank() == RoutingRank.DEFAULT).toList();

      Choice choice = new ObjectRouter(world).making(ObjectKind.FILES);

      assertThat(services(choice))
          .as(world.toString())
          .isEqualTo(chosen.isEmpty() ? taking : chosen);
    }
  }

  private static List<StoringService> services(Choice choice) {
    return switch (choice) {
      case Choice.One(StoringService service) -> List.of(service);
      case Choice.Several several -> several.services();
      case Choice.None none -> List.of();
    };
  }

  @Test
  void a_list_is_that_of_the_callers_account_or_of_all_services_that_lend_the_kind() {
    for (List<StoringService> world : worlds()) {
      ObjectRouter router = new ObjectRouter(world);
      List<StoringService> made = services(router.making(ObjectKind.FILES));
      boolean own = made.size() == 1 && made.getFirst().ownKey();

      ObjectRouter.ListSource source = router.listing(ObjectKind.FILES);

      assertThat(source.account().stream().toList())
          .as(world.toString())
          .isEqualTo(own ? made : List.of());
      assertThat(source.lenders())
          .isEqualTo(
              own
                  ? List.of()
                  : world.stream().filter(s -> !s.ownKey() && !s.lent().isEmpty()).toList());
    }
  }

  /** Two objects, each held in any of three services and shared by any of them. */
  @Test
  void objects_lead_to_the_one_service_that_has_all_of_them() {
    for (int acceptance = 0; acceptance < 8; acceptance++) {
      List<StoringService> world = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RoutingRank rank =
            (acceptance >> i & 1) == 0 ? RoutingRank.OWN : RoutingRank.BY_REFERENCE_ONLY;
        world.add(new Shape(rank, 1).service(i));
      }
      for (int places = 0; places < 1 << 12; places++) {
        Set<Instance.Id> first = expected(world, places & 7, places >> 3 & 7);
        Set<Instance.Id> second = expected(world, places >> 6 & 7, places >> 9 & 7);
        Set<Instance.Id> all = new HashSet<>(first.isEmpty() ? second : first);
        if (!second.isEmpty()) {
          all.retainAll(second);
        }
        Set<Instance.Id> any = new HashSet<>(first);
        any.addAll(second);
        Set<Instance.Id> meant = all.isEmpty() ? any : all;

        Choice choice =
            new ObjectRouter(world)
                .having(
                    List.of(ONE, TWO),
                    new Whereabouts(
                        Map.of(ONE, ids(world, places & 7), TWO, ids(world, places >> 6 & 7)),
                        Map.of(
                            ONE, ids(world, places >> 3 & 7), TWO, ids(world, places >> 9 & 7))));

        assertThat(services(choice))
            .as("%s %s", world, places)
            .isEqualTo(world.stream().filter(s -> meant.contains(s.id())).toList());
      }
    }
  }

  private static Set<Instance.Id> ids(List<StoringService> world, int which) {
    Set<Instance.Id> ids = new HashSet<>();
    for (int i = 0; i < world.size(); i++) {
      if ((which >> i & 1) == 1) {
        ids.add(world.get(i).id());
      }
    }
    return ids;
  }

  private static Set<Instance.Id> expected(List<StoringService> world, int held, int shared) {
    Set<Instance.Id> accepted = ids(world, shared);
    world.stream()
        .filter(s -> s.rank() == RoutingRank.BY_REFERENCE_ONLY)
        .forEach(s -> accepted.remove(s.id()));
    return held == 0 ? accepted : ids(world, held);
  }

  @Test
  void what_is_in_a_service_that_the_caller_may_not_call_is_nowhere() {
    Whereabouts where =
        new Whereabouts(Map.of(ONE, Set.of(new Instance.Id(new UUID(0, 9)))), Map.of());

    assertThat(
            new ObjectRouter(List.of(new Shape(RoutingRank.OWN, 1).service(1)))
                .having(List.of(ONE), where))
        .isEqualTo(new Choice.None());
  }

  @Test
  void only_services_of_the_format_that_can_be_called_take_part() {
    ModelCandidate lender =
        RecordCopy.with(
            Routing.service(1, "alice/a", RoutingRank.OWN, "m"), "lent", Set.of(ObjectKind.FILES));
    ModelCandidate other =
        Routing.withFormat(
            Routing.service(2, "alice/b", RoutingRank.OWN, "m"), WireFormat.ANTHROPIC);
    ModelCandidate keyless =
        Routing.withKey(Routing.service(3, "alice/c", RoutingRank.OWN, "m"), KeyDecision.DISABLED);
    ModelCandidate own =
        Routing.withKey(Routing.service(4, "bob/d", RoutingRank.ACCEPTED, "m"), KeyDecision.USER);

    assertThat(
            new ModelRouter(List.of(), List.of(own, keyless, other, lender))
                .objects(WireFormat.OPENAI, id -> "n" + id.value().getLeastSignificantBits())
                .services())
        .containsExactly(
            new StoringService(lender.id(), "n1", RoutingRank.OWN, false, Set.of(ObjectKind.FILES)),
            new StoringService(own.id(), "n4", RoutingRank.ACCEPTED, true, Set.of()));
  }

  @Test
  void a_name_keeps_its_meaning_at_the_service_that_has_what_a_request_refers_to() {
    ModelCandidate here = Routing.service(1, "alice/a", RoutingRank.OWN, "m");
    ModelCandidate there =
        Routing.allowing(Routing.service(2, "alice/b", RoutingRank.OWN, "m"), "m", "n");
    ModelRouter router =
        new ModelRouter(
            List.of(
                Routing.name(
                    "fast",
                    FailureMode.NONE,
                    Routing.target(here, "m"),
                    Routing.target(there, "n")),
                Routing.name("here", FailureMode.NONE, Routing.target(here, "m"))),
            List.of(here, there));

    assertThat(model(router, there, "m")).isEqualTo("m");
    assertThat(model(router, there, "fast")).isEqualTo("n");
    assertThat(model(router, here, "fast")).isEqualTo("m");
    assertThat(model(router, there, "here")).isEqualTo("none");
    assertThat(model(router, there, "alice/b/n")).isEqualTo("n");
    assertThat(model(router, there, "alice/a/m")).isEqualTo("none");
    assertThat(model(router, there, "x")).isEqualTo("none");
    assertThat(model(router, here, "unlisted")).isEqualTo("unlisted");
    assertThat(router.routeAt(new Instance.Id(new UUID(0, 9)), WireFormat.OPENAI, "m")).isEmpty();
    assertThat(router.routeAt(here.id(), WireFormat.ANTHROPIC, "m")).isEmpty();
  }

  private static String model(ModelRouter router, ModelCandidate at, String name) {
    return router
        .routeAt(at.id(), WireFormat.OPENAI, name)
        .map(
            route -> {
              assertThat(route.targets()).hasSize(1);
              assertThat(route.first().service()).isEqualTo(at);
              return route.first().model();
            })
        .orElse("none");
  }
}
