package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.imports.shared.ServiceKeys.KeyAtSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The key of a service that this or an earlier import created. The key is imported if the service
 * has no key, its calls go to the same destination as in the source, and nobody else has to
 * consent.
 *
 * @param id the service's id in the source
 * @param endpoint the endpoint to which the source system sends the key
 * @param standard the Claviger API standard that describes how the source system sends the key
 * @param key the function that decrypts the key; the import closes the returned secret
 */
public record IncomingKey(
    TargetStores stores, String id, Endpoint endpoint, Handle standard, Supplier<KeySelection> key)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.KEY;
  }

  @Override
  public List<Needed> needed() {
    return List.of(Needed.whole(ImportedKind.SERVICE, id));
  }

  @Override
  public Optional<Changed> again(UUID service, Arrivals arrivals) {
    return stores.keys.compare(
        new Instance.Id(service),
        new KeyAtSource(
            endpoint,
            standard,
            () -> key.get().key(),
            stores
                .ownedThing(ImportedKind.SERVICE, service)
                .map(TargetStores.Owned::ref)
                .orElse(id)),
        arrivals);
  }

  @Override
  public Made make(Arrivals arrivals) {
    Instance.Id service = new Instance.Id(arrivals.require(ImportedKind.SERVICE, id));
    boolean keyless = stores.keys.lockKeyless(service);
    Optional<Instance> found =
        stores.services.find(service, User.Id.SYSTEM, arrivals.now()).map(seen -> seen.instance());
    if (!keyless || found.isEmpty()) {
      return new Made.Existing(service.value());
    }
    if (TargetStores.needsConsent(found.get())) {
      return new Made.LeftOut(ReportReason.CONSENT_NEEDED, "");
    }
    KeySelection selected = key.get();
    if (selected.key().isEmpty()) {
      return new Made.LeftOut(selected.leftOut().orElse(ReportReason.INVALID_API_KEY), "");
    }
    try (Secret secret = selected.key().get()) {
      return sealed(arrivals, found.get(), secret);
    }
  }

  private Made sealed(Arrivals arrivals, Instance instance, Secret secret) {
    if (instance.placement().isNone()) {
      return new Made.LeftOut(ReportReason.STANDARD_TAKES_NO_KEY, "");
    }
    if (!ServiceKeys.isSentAsThere(instance, endpoint, standard)) {
      return new Made.LeftOut(ReportReason.DESTINATION_CHANGED_HERE, "");
    }
    SealedValue value =
        stores.sealer.seal(secret, KeyBinding.ofApiKey(instance.id(), instance.destination()));
    stores.keys.set(instance.id(), value, arrivals.now());
    return new Made.New(
        instance.id().value(),
        Optional.empty(),
        AuditAction.SERVICE_KEY_SET,
        AuditTargets.service(instance),
        List.of("api_key"));
  }
}
