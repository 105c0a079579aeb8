package io.claviger.application.routing;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.routing.port.ModelListStore.ListOf;
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
 * The services that model names select for a caller. This object is valid until one of the things
 * in its {@code subjects} changes.
 *
 * @param targets the targets to use for the authorization of calls, one for each service
 * @param lists model lists of the providers, for those services of which the caller may request a
 *     new list
 * @param until the earliest expiry of the shares and former names on which this object depends;
 *     empty if none of them expires
 * @param subjects the ids by which the change feed names the things on which this object depends,
 *     except the caller's id
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

  /**
   * A provider's list of models that the caller may use and request. This record does not contain
   * the models.
   */
  record DatedList(ListOf of, WireFormat format, Instant at) {}

  boolean holdsAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }

  /**
   * Returns the name by which the caller knows a service: the name of the service, or the name of
   * the project.
   */
  String shownName(Instance.Id service) {
    return target(service).name();
  }

  CallTarget target(Instance.Id service) {
    return Objects.requireNonNull(targets.get(service));
  }
}
