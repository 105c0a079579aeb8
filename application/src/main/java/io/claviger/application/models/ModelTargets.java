package io.claviger.application.models;

import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the services for a model, and locks them against changes until the transaction ends. */
final class ModelTargets {
  private final ModelBinding binding;
  private final ModelConfigStore models;

  ModelTargets(ModelBinding binding, ModelConfigStore models) {
    this.binding = binding;
    this.models = models;
  }

  /** A locked service, and the model that is called on this service. */
  record HeldTarget(Instance instance, ModelName model) {
    ModelTarget target() {
      return new ModelTarget(instance.id(), model);
    }
  }

  /**
   * Finds the named services, and locks them against changes.
   *
   * @param serving the services that already serve the model; these services are accepted even if
   *     they are disabled
   * @throws RefusedException if there are more targets than {@link ModelConfig#MOST_TARGETS}, a
   *     service is unknown, private or disabled, a target occurs twice, or the services have
   *     different formats
   */
  List<HeldTarget> hold(
      Actor actor, List<NamedTarget> named, Set<Instance.Ref> serving, Instant now) {
    if (named.size() > ModelConfig.MOST_TARGETS) {
      throw RefusedException.invalid(
          new Fault("/targets", "invalid_value", "up to " + ModelConfig.MOST_TARGETS + " targets"));
    }
    List<Fault> faults = new ArrayList<>();
    List<HeldTarget> held = new ArrayList<>();
    Set<NamedTarget> seen = new HashSet<>();
    for (int n = 0; n < named.size(); n++) {
      NamedTarget target = named.get(n);
      if (!seen.add(target)) {
        faults.add(
            new Fault(
                "/targets/" + n, "duplicate", "This target already occurs earlier in the list."));
      }
      binding
          .held(actor, target.service(), now, serving, "targets/" + n + "/service", faults)
          .ifPresent(instance -> held.add(new HeldTarget(instance, target.model())));
    }
    if (faults.isEmpty()) {
      faults.addAll(otherFormats(held));
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    return held;
  }

  private List<Fault> otherFormats(List<HeldTarget> held) {
    List<Fault> faults = new ArrayList<>();
    for (int n = 1; n < held.size(); n++) {
      if (format(held.get(n).instance()) != format(held.get(0).instance())) {
        faults.add(
            new Fault(
                "/targets/" + n + "/service",
                "format_differs",
                "All targets of a model must have the same format."));
      }
    }
    return faults;
  }

  WireFormat format(Instance instance) {
    return models.formatOf(instance.settings().fields().apiStandard());
  }
}
