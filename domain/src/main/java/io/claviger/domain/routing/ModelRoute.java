package io.claviger.domain.routing;

import java.util.List;

/**
 * The route that a model's name selects.
 *
 * @param rule the rule that decided
 * @param targets one or more targets, in the order in which calls try them
 * @param next whether a call tries the next target if a target fails
 */
public record ModelRoute(RoutingRule rule, List<Target> targets, boolean next) {
  /**
   * A service, and a model that the caller may call at this service.
   *
   * @param model the name by which the provider knows the model
   */
  public record Target(ModelCandidate service, String model) {}

  public ModelRoute {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a route must have at least one target");
    }
  }

  static ModelRoute to(RoutingRule rule, ModelCandidate service, String model) {
    return new ModelRoute(rule, List.of(new Target(service, model)), false);
  }

  /**
   * Whether a service is known to offer the model. If no service is known to offer the model, the
   * call goes to the caller's default service, and the result is false.
   */
  public boolean isOffered() {
    return rule != RoutingRule.UNLISTED_NAME;
  }

  public Target first() {
    return targets.get(0);
  }
}
