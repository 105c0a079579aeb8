package io.claviger.domain.routing;

/** The result of one rule for a name. */
public sealed interface RoutingVerdict {
  /** The reason, for people to read. */
  String why();

  /** The name leads to a service. */
  record Leads(ModelRoute route, String why) implements RoutingVerdict {}

  /**
   * The name leads to no service, and no further rule is tried.
   *
   * @param reason the stable code of the reason, such as {@code model_not_allowed}
   */
  record Stops(String reason, String why) implements RoutingVerdict {}

  /** The next rule is tried. */
  record Passes(String why) implements RoutingVerdict {}
}
