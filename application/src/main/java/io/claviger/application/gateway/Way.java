package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Target;

/** Whether a path of use leads from a caller to a service. */
sealed interface Way {
  /**
   * It does; whether the service itself can be called is not said yet.
   *
   * @param name how the service is named to this caller
   */
  record Open(Target target, String name) implements Way {}

  record Shut(CallRefusal why) implements Way {}
}
