package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.Optional;

/** Whether a path of use leads from a caller to a service. */
sealed interface Way {
  /**
   * It does; whether the service itself can be called is not said yet.
   *
   * @param name how the service is named to this caller
   * @param project which it leads through
   * @param passedOnBy whose share it is by that a project's members come here, where they need one
   * @param until when the first of the shares that it leads by expires; empty when none does
   */
  record Open(
      Target target,
      String name,
      Optional<Project> project,
      Optional<CallLimits.Of> passedOnBy,
      Optional<Instant> until)
      implements Way {
    /** The way of a caller's own role. */
    Open(Target target) {
      this(
          target,
          target.instance().ref().toString(),
          Optional.empty(),
          Optional.empty(),
          target.share().flatMap(s -> s.terms().expiresAt()));
    }

    boolean holdsAt(Instant now) {
      return until.isEmpty() || now.isBefore(until.get());
    }
  }

  record Shut(CallRefusal why) implements Way {}
}
