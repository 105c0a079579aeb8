package io.claviger.application.routing;

import io.claviger.application.gateway.PassedChecks;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.routing.port.OfferSource;
import io.claviger.application.routing.port.OfferStore;
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

/** The models that services are known to offer. */
public interface Offers {
  static Offers of(
      InstanceStore instances, OfferStore lists, KeyDecisions decisions, AuditedChanges changes) {
    return new OfferReader(instances, lists, decisions, changes);
  }

  /** Asks a provider for its models after a successful check, at most once a minute. */
  static PassedChecks learnedAtChecks(OfferStore lists, OfferSource source, InstantSource clock) {
    return new CheckedOffers(lists, source, clock);
  }

  /**
   * Lists the models that a service offers: its own model, the models that its limits name in full,
   * and the models that its provider listed. The models are sorted by their characters. No provider
   * is asked. Models that were listed with a user's own key are shown only to that user. Refused as
   * {@code not_found} for anybody who can't see the service or whose token is restricted to another
   * service.
   */
  Outcome<Page<OfferedModel, ModelName>> list(
      Actor actor, Instance.Ref service, PageRequest<ModelName> page);

  /**
   * A model that a service offers.
   *
   * @param listedAt when the provider listed the model; empty for a model that the service itself
   *     declares
   */
  record OfferedModel(ModelName model, Optional<Instant> listedAt) {}
}
