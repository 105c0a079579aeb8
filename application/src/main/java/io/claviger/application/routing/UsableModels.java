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
 * The services to which the names of models lead one caller; this object is valid until one of the
 * things on which it depends changes.
 *
 * @param targets for each service, the target by which calls to it are authorized
 * @param lists the lists that providers returned, with their dates; only lists that the caller may
 *     request again are contained
 * @param until the earliest expiry of the shares on which the result depends; empty if no share
 *     expires
 * @param subjects the ids of the things on which the result depends, except the caller's id
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

  /** A provider's list that the caller may use and request, without the models of the list. */
  record DatedList(ListOf of, WireFormat format, Instant at) {}

  boolean holdsAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }

  /**
   * Returns the name under which the caller knows a service: the service's own name, or the name of
   * the project.
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
