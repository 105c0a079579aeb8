package io.claviger.domain.routing;

import static io.claviger.domain.routing.Routing.allowing;
import static io.claviger.domain.routing.Routing.chosen;
import static io.claviger.domain.routing.Routing.formerly;
import static io.claviger.domain.routing.Routing.listing;
import static io.claviger.domain.routing.Routing.name;
import static io.claviger.domain.routing.Routing.naming;
import static io.claviger.domain.routing.Routing.service;
import static io.claviger.domain.routing.Routing.target;
import static io.claviger.domain.routing.Routing.withFormat;
import static io.claviger.domain.routing.Routing.withKey;
import static io.claviger.domain.routing.Routing.withoutName;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.models.FailureMode;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelRouterTest {
  private static String lead(ModelRouter router, String name) {
    return router
        .route(WireFormat.OPENAI, name)
        .map(
            route ->
                route.first().service().id().value().getLeastSignificantBits()
                    + "/"
                    + route.first().model())
        .orElse("nowhere");
  }

  private static ModelRouter router(ModelCandidate... services) {
    return new ModelRouter(List.of(), List.of(services));
  }

  @Test
  void a_name_of_the_catalogue_comes_first() {
    ModelCandidate own = service(1, "alice/a", RoutingRank.OWN, "gpt-4o");
    ModelCandidate system = service(2, "_system/s", RoutingRank.SYSTEM, "gpt-4o-2024");
    ModelRouter router =
        new ModelRouter(
            List.of(name("gpt-4o", FailureMode.NONE, target(system, "gpt-4o-2024"))),
            List.of(own, system));

    assertThat(lead(router, "gpt-4o")).isEqualTo("2/gpt-4o-2024");
    assertThat(lead(router, "alice/a/gpt-4o")).isEqualTo("1/gpt-4o");
  }

  @Test
  void targets_that_the_caller_cannot_call_are_left_out() {
    ModelCandidate disabled =
        withKey(service(1, "_system/a", RoutingRank.SYSTEM, "m"), KeyDecision.DISABLED);
    ModelCandidate limited = allowing(service(2, "_system/b", RoutingRank.SYSTEM, "x"), "x");
    ModelCandidate open = service(3, "_system/c", RoutingRank.SYSTEM, "y");
    ModelCandidate other = service(4, "_system/d", RoutingRank.SYSTEM, "z");
    CatalogueName next =
        name(
            "n",
            FailureMode.NEXT,
            target(disabled, "m"),
            target(limited, "m"),
            target(open, "m"),
            target(other, "m"));
    CatalogueName none = name("o", FailureMode.NONE, target(disabled, "m"), target(open, "m"));
    ModelRouter router =
        new ModelRouter(List.of(next, none), List.of(disabled, limited, open, other));

    ModelRoute route = router.route(WireFormat.OPENAI, "n").orElseThrow();
    assertThat(route.targets()).extracting(t -> t.service()).containsExactly(open, other);
    assertThat(route.next()).isTrue();
    assertThat(router.route(WireFormat.OPENAI, "o").orElseThrow().targets())
        .extracting(t -> t.service())
        .containsExactly(open);
  }

  @Test
  void a_name_of_the_catalogue_without_a_callable_target_gives_way() {
    ModelCandidate disabled =
        withKey(service(1, "_system/a", RoutingRank.SYSTEM, "m"), KeyDecision.DISABLED);
    ModelCandidate own = service(2, "alice/a", RoutingRank.OWN, "m");
    ModelRouter router =
        new ModelRouter(
            List.of(name("m", FailureMode.NONE, target(disabled, "m"))), List.of(disabled, own));

    assertThat(lead(router, "m")).isEqualTo("2/m");
  }

  @Test
  void a_reference_leads_to_its_service_with_slashes_in_the_model() {
    ModelRouter router =
        router(
            listing(service(1, "alice/router", RoutingRank.OWN, "auto"), "meta/llama/3"),
            service(2, "bob/free", RoutingRank.BY_REFERENCE_ONLY, "own"));

    assertThat(lead(router, "alice/router")).isEqualTo("1/auto");
    assertThat(lead(router, "alice/router/meta/llama/3")).isEqualTo("1/meta/llama/3");
    assertThat(lead(router, "alice/router/unlisted:free")).isEqualTo("1/unlisted:free");
    assertThat(lead(router, "alice/router/")).isEqualTo("nowhere");
    assertThat(lead(router, "alice/router/" + "x".repeat(257))).isEqualTo("nowhere");
    assertThat(lead(router, "alice/router/a\nb")).isEqualTo("nowhere");
    assertThat(lead(router, "bob/free/anything")).isEqualTo("2/anything");
  }

  @Test
  void a_reference_to_a_service_that_cannot_be_called_leads_nowhere_else() {
    ModelCandidate disabled =
        withKey(service(1, "openai/gpt", RoutingRank.BY_REFERENCE_ONLY, "m"), KeyDecision.DISABLED);
    ModelCandidate own = service(2, "alice/router", RoutingRank.OWN, "openai/gpt");
    ModelRouter router = router(disabled, own);

    assertThat(lead(router, "openai/gpt")).isEqualTo("nowhere");
    assertThat(lead(router, "alice/router/openai/gpt")).isEqualTo("2/openai/gpt");
  }

  /** Anybody may share a service with anybody, and may call it like a model that they use. */
  @Test
  void a_share_that_was_not_accepted_does_not_get_the_calls_of_a_model_of_its_name() {
    ModelCandidate own =
        listing(service(1, "bob/router", RoutingRank.OWN, "openai/gpt-5"), "openai/gpt-6", "m");
    ModelCandidate gpt5 = service(2, "openai/gpt-5", RoutingRank.BY_REFERENCE_ONLY, "n");
    ModelCandidate gpt6 = service(3, "openai/gpt-6", RoutingRank.BY_REFERENCE_ONLY, "n");
    ModelRouter router = router(own, gpt5, gpt6);

    assertThat(lead(router, "openai/gpt-5")).isEqualTo("nowhere");
    assertThat(lead(router, "openai/gpt-6")).isEqualTo("nowhere");
    assertThat(lead(router, "openai/gpt-6/n")).isEqualTo("3/n");
    assertThat(lead(router, "bob/router/openai/gpt-6")).isEqualTo("1/openai/gpt-6");
    assertThat(RouteExplanation.of(router, WireFormat.OPENAI, "openai/gpt-6").reason())
        .contains("name_not_clear");

    ModelRouter limited = router(allowing(own, "m"), gpt5, gpt6);
    assertThat(lead(limited, "openai/gpt-6")).isEqualTo("3/n");

    ModelRouter accepted = router(own, service(3, "openai/gpt-6", RoutingRank.ACCEPTED, "n"));
    assertThat(lead(accepted, "openai/gpt-6")).isEqualTo("3/n");
  }

  @Test
  void a_share_that_was_not_accepted_does_not_get_the_calls_while_the_model_cannot_be_called() {
    ModelCandidate disabled =
        withKey(
            listing(service(1, "bob/router", RoutingRank.OWN, "openai/gpt-5"), "openai/gpt-6"),
            KeyDecision.DISABLED);
    ModelCandidate gpt5 = service(2, "openai/gpt-5", RoutingRank.BY_REFERENCE_ONLY, "n");
    ModelCandidate gpt6 = service(3, "openai/gpt-6", RoutingRank.BY_REFERENCE_ONLY, "n");
    ModelCandidate gpt7 = service(4, "openai/gpt-7", RoutingRank.BY_REFERENCE_ONLY, "n");
    ModelCandidate system =
        withKey(service(5, "_system/s", RoutingRank.SYSTEM, "m"), KeyDecision.DISABLED);
    ModelRouter router =
        new ModelRouter(
            List.of(name("openai/gpt-7", FailureMode.NONE, target(system, "m"))),
            List.of(disabled, gpt5, gpt6, gpt7, system));

    assertThat(lead(router, "openai/gpt-5")).isEqualTo("nowhere");
    assertThat(lead(router, "openai/gpt-6")).isEqualTo("nowhere");
    assertThat(lead(router, "openai/gpt-7")).isEqualTo("nowhere");
    assertThat(lead(router, "openai/gpt-5/n")).isEqualTo("2/n");
    assertThat(lead(router, "openai/gpt-7/n")).isEqualTo("4/n");
  }

  @Test
  void a_former_name_leads_to_its_service_and_to_no_default() {
    ModelRouter router =
        router(
            chosen(service(1, "bob/own", RoutingRank.DEFAULT, "other")),
            formerly(
                service(2, "carol/lab", RoutingRank.BY_REFERENCE_ONLY, "m"),
                "alice/lab",
                "dave/taken"),
            service(3, "dave/taken", RoutingRank.BY_REFERENCE_ONLY, "n"));

    assertThat(lead(router, "alice/lab")).isEqualTo("2/m");
    assertThat(lead(router, "alice/lab/a/b")).isEqualTo("2/a/b");
    assertThat(lead(router, "dave/taken")).isEqualTo("3/n");
    assertThat(lead(router, "alice/other")).isEqualTo("1/alice/other");
  }

  @Test
  void bare_names_prefer_the_default_then_own_then_system_then_accepted_services() {
    ModelCandidate accepted = service(1, "bob/a", RoutingRank.ACCEPTED, "m");
    ModelCandidate system = service(2, "_system/b", RoutingRank.SYSTEM, "m");
    ModelCandidate own = service(3, "alice/c", RoutingRank.OWN, "m");
    ModelCandidate chosen = service(4, "carol/d", RoutingRank.DEFAULT, "m");

    assertThat(lead(router(accepted, system, own, chosen), "m")).isEqualTo("4/m");
    assertThat(lead(router(accepted, system, own), "m")).isEqualTo("3/m");
    assertThat(lead(router(accepted, system), "m")).isEqualTo("2/m");
    assertThat(lead(router(accepted), "m")).isEqualTo("1/m");
  }

  @Test
  void a_share_that_was_not_accepted_is_reached_by_reference_only() {
    ModelRouter router = router(service(1, "mallory/gpt", RoutingRank.BY_REFERENCE_ONLY, "gpt-4o"));

    assertThat(lead(router, "gpt-4o")).isEqualTo("nowhere");
    assertThat(lead(router, "mallory/gpt/gpt-4o")).isEqualTo("1/gpt-4o");
  }

  @Test
  void who_names_a_model_comes_before_whose_provider_lists_it_and_then_the_oldest() {
    ModelCandidate lists = listing(service(1, "alice/a", RoutingRank.OWN, "x"), "m");
    ModelCandidate limits = naming(service(2, "alice/b", RoutingRank.OWN, "y"), "m");
    ModelCandidate model = service(3, "alice/c", RoutingRank.OWN, "m");

    assertThat(lead(router(model, limits, lists), "m")).isEqualTo("2/m");
    assertThat(lead(router(model, lists), "m")).isEqualTo("3/m");
    assertThat(lead(router(lists), "m")).isEqualTo("1/m");
  }

  @Test
  void limits_judge_the_providers_model() {
    ModelCandidate older = allowing(service(1, "alice/a", RoutingRank.OWN, "gpt-4o"), "gpt-3*");
    ModelCandidate newer = service(2, "alice/b", RoutingRank.OWN, "gpt-4o");

    assertThat(lead(router(older, newer), "gpt-4o")).isEqualTo("2/gpt-4o");
    assertThat(lead(router(older, newer), "alice/a")).isEqualTo("nowhere");
    assertThat(lead(router(older, newer), "alice/a/gpt-3.5")).isEqualTo("1/gpt-3.5");
  }

  @Test
  void a_listed_id_that_looks_like_a_service_in_sight_is_not_offered() {
    ModelCandidate hostile =
        listing(service(1, "bob/b", RoutingRank.ACCEPTED, "x"), "alice/a/m", "c/d");
    ModelCandidate mine = listing(service(2, "alice/a", RoutingRank.OWN, "y"), "y");

    assertThat(lead(router(hostile, mine), "alice/a/m")).isEqualTo("2/m");
    assertThat(lead(router(hostile, mine), "bob/b/alice/a/m")).isEqualTo("1/alice/a/m");
    assertThat(lead(router(hostile, mine), "c/d")).isEqualTo("1/c/d");
  }

  @Test
  void a_name_that_nobody_lists_leads_to_the_service_that_the_caller_chose() {
    ModelCandidate chosen =
        chosen(listing(service(1, "alice/a", RoutingRank.DEFAULT, "gpt-4o"), "gpt-4o"));
    ModelCandidate other = listing(service(2, "alice/b", RoutingRank.OWN, "y"), "z");

    assertThat(lead(router(chosen, other), "chatgpt-4o-latest")).isEqualTo("1/chatgpt-4o-latest");
    assertThat(lead(router(chosen, other), "ft:gpt-4o:acme::x")).isEqualTo("1/ft:gpt-4o:acme::x");
    assertThat(lead(router(chosen, other), "openai/gpt-4o:free")).isEqualTo("1/openai/gpt-4o:free");
    assertThat(lead(router(chosen, other), "z")).isEqualTo("2/z");
    assertThat(lead(router(chosen, other), "alice/b/chatgpt")).isEqualTo("2/chatgpt");
    assertThat(lead(router(other), "chatgpt-4o-latest")).isEqualTo("nowhere");
    for (String text : List.of("", " ", "a\nb", "x".repeat(257))) {
      assertThat(lead(router(chosen), text)).isEqualTo("nowhere");
    }
  }

  @Test
  void a_name_that_nobody_lists_does_not_pass_the_limits_of_the_caller() {
    ModelCandidate limited =
        chosen(allowing(service(1, "bob/b", RoutingRank.DEFAULT, "gpt-4o-mini"), "gpt-4o-mini"));
    ModelRouter router = router(limited, service(2, "alice/a", RoutingRank.OWN, "m"));

    for (String alias :
        List.of("gpt-4o", "gpt-4o-mini-2024-07-18", "GPT-4o-mini", "gpt-4o-mini ")) {
      assertThat(lead(router, alias)).isEqualTo("nowhere");
      assertThat(lead(router, "bob/b/" + alias)).isEqualTo("nowhere");
      assertThat(RouteExplanation.of(router, WireFormat.OPENAI, alias).reason())
          .contains("model_not_allowed");
    }
    assertThat(lead(router, "gpt-4o-mini")).isEqualTo("1/gpt-4o-mini");
  }

  @Test
  void a_name_that_another_format_lists_is_not_sent_to_the_chosen_service() {
    ModelCandidate chosen = chosen(service(1, "alice/a", RoutingRank.DEFAULT, "gpt-4o"));
    ModelCandidate claude =
        withFormat(service(2, "alice/c", RoutingRank.OWN, "claude"), WireFormat.ANTHROPIC);
    ModelRouter router = router(chosen, claude);

    assertThat(lead(router, "claude")).isEqualTo("nowhere");
    assertThat(router.elsewhere(WireFormat.OPENAI, "claude")).contains(WireFormat.ANTHROPIC);
    assertThat(router.route(WireFormat.ANTHROPIC, "unknown")).isEmpty();
    assertThat(router.elsewhere(WireFormat.ANTHROPIC, "unknown")).isEmpty();
  }

  @Test
  void the_explanation_names_the_rule_by_which_an_unlisted_name_leads_there() {
    ModelCandidate chosen =
        chosen(listing(service(1, "alice/a", RoutingRank.DEFAULT, "gpt-4o"), "gpt-4o"));

    RouteExplanation bare = RouteExplanation.of(router(chosen), WireFormat.OPENAI, "alias");
    assertThat(bare.steps().getLast().rule().wireName()).isEqualTo("unlisted_name");
    assertThat(bare.steps().getLast().outcome()).isEqualTo("found");
    assertThat(bare.steps().getLast().why())
        .as("the service might not be the default, but the only one that a token allows")
        .doesNotContain("your default")
        .contains("the service that takes names which no service lists");
    RouteExplanation byName =
        RouteExplanation.of(router(chosen), WireFormat.OPENAI, "alice/a/alias");
    assertThat(byName.steps().getLast().rule()).isEqualTo(RoutingRule.REFERENCE);
    assertThat(byName.steps().getLast().why()).contains("does not list");
  }

  @Test
  void a_service_without_a_name_is_reached_by_its_models() {
    ModelRouter router =
        router(withoutName(service(1, "alice/secret", RoutingRank.DEFAULT, "gpt-4o")));

    assertThat(lead(router, "gpt-4o")).isEqualTo("1/gpt-4o");
    assertThat(lead(router, "alice/secret")).isEqualTo("nowhere");
  }

  @Test
  void another_format_that_has_the_model_is_found() {
    ModelCandidate claude =
        withFormat(service(1, "alice/c", RoutingRank.OWN, "claude"), WireFormat.ANTHROPIC);
    ModelRouter router = router(claude);

    assertThat(router.route(WireFormat.OPENAI, "claude")).isEmpty();
    assertThat(router.elsewhere(WireFormat.OPENAI, "claude")).contains(WireFormat.ANTHROPIC);
    assertThat(router.elsewhere(WireFormat.OPENAI, "alice/c/claude"))
        .contains(WireFormat.ANTHROPIC);
    assertThat(router.elsewhere(WireFormat.OPENAI, "other")).isEmpty();
  }

  @Test
  void a_format_without_a_base_url_is_named_to_nobody() {
    ModelCandidate local =
        withFormat(service(1, "alice/o", RoutingRank.OWN, "llama3"), WireFormat.OLLAMA);

    assertThat(router(local).elsewhere(WireFormat.OPENAI, "llama3")).isEmpty();
  }

  @Test
  void any_text_is_a_name_that_may_lead_nowhere() {
    ModelRouter router = router(service(1, "alice/a", RoutingRank.OWN, "m"));
    for (String text : List.of("", "/", "//", "a/", "/a", "alice/", "\0", "x".repeat(1 << 20))) {
      assertThat(lead(router, text)).isEqualTo("nowhere");
    }
  }
}
