package io.claviger.domain.routing;

/** The result of applying one rule to a name. */
sealed interface RoutingVerdict {
  /** The human-readable reason. */
  String why();

  /** The name selects a service. */
  record Leads(ModelRoute route, String why) implements RoutingVerdict {}

  /**
   * The name selects no service, and routing tries no further rule.
   *
   * @param reason the stable code of the reason, such as {@code model_not_allowed}
   */
  record Stops(String reason, String why) implements RoutingVerdict {}

  /** The next rule is tried. */
  record Passes(String why) implements RoutingVerdict {}
}
