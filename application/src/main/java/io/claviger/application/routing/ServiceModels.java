package io.claviger.application.routing;

import io.claviger.application.gateway.PassedChecks;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Lists the models that services are known to offer. */
public interface ServiceModels {
  static ServiceModels of(
      InstanceStore instances,
      ModelListStore lists,
      KeyDecisions decisions,
      AuditedChanges changes) {
    return new ServiceModelReader(instances, lists, decisions, changes);
  }

  /**
   * Returns the object that asks a provider for its models after a successful check, at most once
   * per minute.
   */
  static PassedChecks learnedAtChecks(
      ModelListStore lists, ModelListSource source, InstantSource clock) {
    ListUpdate update = new ListUpdate(lists, source, clock);
    return (call, limit) -> {
      if (lists.claim(ListUpdate.listOf(call), ModelListInquiry.APART)) {
        boolean unused = update.ask(call, limit);
      }
    };
  }

  /**
   * Lists the models that a service offers. A service offers its own model, the models that are
   * listed by exact name in its limits, and the models in its provider's list. The models are
   * ordered by character codes. This method calls no provider. Models that were listed with a
   * user's own key are visible only to this user. If the actor can't see the service, or the token
   * is restricted to another service, the answer is {@code not_found}.
   */
  Outcome<Page<ServiceModel, ModelName>> list(
      Actor actor, Instance.Ref service, PageRequest<ModelName> page);

  /**
   * A model that a service offers.
   *
   * @param listedAt when the provider listed the model; empty if the model is named only in the
   *     service's settings
   */
  record ServiceModel(ModelName model, Optional<Instant> listedAt) {}
}
