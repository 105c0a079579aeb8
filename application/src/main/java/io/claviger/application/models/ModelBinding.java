package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Determines the service to which a model is bound, and locks the service against changes until the
 * transaction ends.
 */
final class ModelBinding {
  private final InstanceStore instances;

  ModelBinding(InstanceStore instances) {
    this.instances = instances;
  }

  /**
   * Returns the service to which a model is bound when it is added or bound again. If the write
   * does not contain the service, the result is the oldest enabled service of the model's provider.
   * If the write has null as the service, the result is empty.
   */
  Optional<Instance> forNewModel(
      Actor actor, Field<Instance.Ref> service, Provider provider, Instant now) {
    return switch (service) {
      case Field.Absent<Instance.Ref> absent ->
          instances
              .holdOldestEnabled(provider, actor.id())
              .map(InstanceStore.VisibleInstance::instance);
      case Field.Null<Instance.Ref> none -> Optional.empty();
      case Field.Given<Instance.Ref> given ->
          Optional.of(named(actor, given.value(), provider, now));
    };
  }

  private Instance named(Actor actor, Instance.Ref ref, Provider provider, Instant now) {
    List<Fault> faults = new ArrayList<>();
    Optional<Instance> found = held(actor, ref, now, Set.of(), "service", faults);
    if (found.isPresent() && !found.get().provider().equals(provider)) {
      faults.add(otherProvider());
    }
    if (found.isEmpty() || !faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    return found.get();
  }

  /**
   * Finds the named service, if it may serve a model, and locks it against changes.
   *
   * @param serving the services that already serve the model; these services are accepted even if
   *     they are disabled
   * @param field the field that names the service
   * @param faults the list to which the reasons why the service can't serve the model are added
   * @return the service; empty if the actor can't see such a service
   */
  Optional<Instance> held(
      Actor actor,
      Instance.Ref ref,
      Instant now,
      Set<Instance.Ref> serving,
      String field,
      List<Fault> faults) {
    Optional<Instance> found =
        instances
            .hold(ref, actor.sight(), now)
            .filter(s -> isVisible(actor, s, now))
            .map(InstanceStore.VisibleInstance::instance);
    if (found.isEmpty()) {
      faults.add(Fault.unknownReference(field, "service"));
      return found;
    }
    if (!found.get().isSystemLevel()) {
      faults.add(
          Fault.notAllowed(
              field, "A model can be bound only to a system-level service (_system/…)."));
    }
    if (!found.get().enabled() && !serving.contains(ref)) {
      faults.add(new Fault("/" + field, "service_disabled", "This service is disabled."));
    }
    return found;
  }

  static Fault otherProvider() {
    return new Fault(
        "/service", "provider_differs", "The service and the model have different providers.");
  }

  private static boolean isVisible(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    return seen.allows(actor, Action.SEE, now);
  }
}
