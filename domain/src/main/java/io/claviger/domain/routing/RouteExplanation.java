package io.claviger.domain.routing;

import io.claviger.domain.routing.RoutingVerdict.Leads;
import io.claviger.domain.routing.RoutingVerdict.Passes;
import io.claviger.domain.routing.RoutingVerdict.Stops;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a name leads, with the rules that were asked. The name of a service that the caller does
 * not see is explained like a name that nobody knows.
 *
 * @param route where the name leads; empty when it leads nowhere
 * @param reason the stable code of why it leads nowhere; empty when it leads somewhere
 * @param steps the rules that were asked, in order; the last one decided
 */
public record RouteExplanation(
    Optional<ModelRoute> route, Optional<String> reason, List<Step> steps) {
  private static final String NEXT = "next";
  private static final String NOT_FOUND = "model_not_found";

  /**
   * One rule that was asked.
   *
   * @param outcome {@code next} when the next rule is asked, {@code found}, or the reason why the
   *     name leads nowhere
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
          return new RouteExplanation(Optional.of(leads.route()), Optional.empty(), steps);
        }
        case Stops stops -> {
          steps.add(new Step(rule, stops.reason(), stops.why()));
          return new RouteExplanation(Optional.empty(), Optional.of(stops.reason()), steps);
        }
        case Passes passes -> steps.add(new Step(rule, NEXT, passes.why()));
      }
    }
    return new RouteExplanation(Optional.empty(), Optional.of(NOT_FOUND), steps);
  }
}
