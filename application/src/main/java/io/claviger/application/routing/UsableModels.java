package io.claviger.application.routing;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.routing.port.OfferStore.ListOf;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelRouter;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The services that model names select for a caller; valid until anything changes on which this
 * object depends.
 *
 * @param targets for each service, the target that authorizes calls to the service
 * @param lists the dated lists of providers, as far as the caller may request them again
 * @param until the earliest expiry of the shares on which the result depends; empty if none expires
 * @param subjects the change feed's ids of what the result depends on, without the caller's id
 * @param weight the size of this object in bytes
 */
record UsableModels(
    ModelRouter router,
    Map<Instance.Id, CallTarget> targets,
    Map<Instance.Id, DatedList> lists,
    Optional<Instant> until,
    Set<UUID> subjects,
    long weight) {
  UsableModels {
    targets = Map.copyOf(targets);
    lists = Map.copyOf(lists);
    subjects = Set.copyOf(subjects);
  }

  /** A provider's list that the caller may use and request, without its models. */
  record DatedList(ListOf of, WireFormat format, Instant at) {}

  boolean holdsAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }

  /**
   * Returns the name by which the caller knows a service: the name of the service or of the
   * project.
   */
  String shownName(Instance.Id service) {
    return switch (target(service)) {
      case CallTarget.Service own -> own.ref().toString();
      case CallTarget.OfProject project -> project.ref().toString();
    };
  }

  CallTarget target(Instance.Id service) {
    return Objects.requireNonNull(targets.get(service));
  }
}
