package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Determines the service to which a model is bound, and holds it until the write is done. */
final class ModelBinding {
  private final InstanceStore instances;

  ModelBinding(InstanceStore instances) {
    this.instances = instances;
  }

  /**
   * Returns the service for a new model: the named one, none for null, otherwise the oldest enabled
   * service of its provider.
   */
  Optional<InstanceId> forNewModel(
      Actor actor, Field<InstanceRef> service, Provider provider, Instant now) {
    return switch (service) {
      case Field.Absent<InstanceRef> absent ->
          instances.holdOldestEnabled(provider, actor.id()).map(s -> s.instance().id());
      case Field.Null<InstanceRef> none -> Optional.empty();
      case Field.Given<InstanceRef> given ->
          Optional.of(named(actor, given.value(), provider, now).id());
    };
  }

  /**
   * Returns the service for an existing model.
   *
   * @param bound the service that it is bound to now
   * @param ref the name of that service
   */
  Optional<InstanceId> forChangedModel(
      Actor actor,
      Field<InstanceRef> service,
      Provider provider,
      Optional<InstanceId> bound,
      Optional<InstanceRef> ref,
      Instant now) {
    return switch (service) {
      case Field.Absent<InstanceRef> absent -> bound;
      case Field.Null<InstanceRef> none -> Optional.empty();
      case Field.Given<InstanceRef> given ->
          ref.equals(service.given())
              ? bound
              : Optional.of(named(actor, given.value(), provider, now).id());
    };
  }

  private Instance named(Actor actor, InstanceRef ref, Provider provider, Instant now) {
    Instance instance =
        instances
            .hold(ref, actor.id())
            .filter(s -> isVisible(actor, s, now))
            .map(InstanceStore.Seen::instance)
            .orElseThrow(
                () -> RefusedException.invalid(Fault.unknownReference("service", "service")));
    List<Fault> faults = new ArrayList<>();
    if (!instance.isSystemLevel()) {
      faults.add(
          Fault.notAllowed("service", "A model is bound to a system-level service (_system/…)."));
    }
    if (!instance.settings().enabled()) {
      faults.add(new Fault("/service", "service_disabled", "This service is disabled."));
    }
    if (instance.settings().fields().provider() != provider) {
      faults.add(otherProvider());
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    return instance;
  }

  static Fault otherProvider() {
    return new Fault(
        "/service", "provider_differs", "The service is of another provider than the model.");
  }

  private static boolean isVisible(Actor actor, InstanceStore.Seen seen, Instant now) {
    return Permissions.allows(actor.towards(seen.instance(), seen.share(), now), Action.SEE);
  }
}
