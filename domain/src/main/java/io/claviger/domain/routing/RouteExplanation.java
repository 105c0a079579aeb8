package io.claviger.domain.routing;

import io.claviger.domain.routing.RoutingVerdict.Leads;
import io.claviger.domain.routing.RoutingVerdict.Passes;
import io.claviger.domain.routing.RoutingVerdict.Stops;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which service a name selects, with the rules that were tried. If the caller can't see a service,
 * its name is explained like an unknown name.
 *
 * @param route the route that the name selects; empty if it selects none
 * @param reason the stable code of the reason why the name selects no service; empty if it selects
 *     one
 * @param whyStopped the reason why a rule stopped the search, as a sentence; empty if no rule
 *     stopped the search
 * @param steps the tried rules in their order; the last rule decided
 */
public record RouteExplanation(
    Optional<ModelRoute> route,
    Optional<String> reason,
    Optional<String> whyStopped,
    List<Step> steps) {
  private static final String NOT_FOUND = "model_not_found";

  /**
   * One rule that was tried.
   *
   * @param outcome {@code next} if the next rule is tried, {@code found}, or the reason why the
   *     name leads to no service
   */
  public record Step(RoutingRule rule, String outcome, String why) {}

  public RouteExplanation {
    steps = List.copyOf(steps);
  }

  public static RouteExplanation of(ModelRouter router, WireFormat format, String name) {
    List<Step> steps = new ArrayList<>();
    for (RoutingRule rule : RoutingRule.values()) {
      RoutingVerdict verdict = router.judge(rule, format, name);
      switch (verdict) {
        case Leads leads -> {
          steps.add(new Step(rule, "found", leads.why()));
          return new RouteExplanation(
              Optional.of(leads.route()), Optional.empty(), Optional.empty(), steps);
        }
        case Stops stops -> {
          steps.add(new Step(rule, stops.reason(), stops.why()));
          return new RouteExplanation(
              Optional.empty(), Optional.of(stops.reason()), Optional.of(stops.why()), steps);
        }
        case Passes passes -> steps.add(new Step(rule, "next", passes.why()));
      }
    }
    return new RouteExplanation(Optional.empty(), Optional.of(NOT_FOUND), Optional.empty(), steps);
  }
}
