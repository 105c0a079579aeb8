package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.imports.shared.ServiceKeys.KeyAtSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A user's own key for a service. If the user already has a key for the service in Claviger, that
 * key is kept. If Claviger sends calls to another destination than the source does, the user's key
 * in the source is not imported: the user never sent the key to that destination.
 *
 * @param label the names of the user and the service in the source
 * @param user the user's id in the source
 * @param service the service's id in the source
 * @param endpoint the endpoint to which the source system sends the key
 * @param standard the Claviger API standard that describes how the source system sends the key
 * @param key the function that decrypts the key; the import closes the returned secret
 */
public record IncomingUserKey(
    TargetStores stores,
    String id,
    String label,
    String user,
    String service,
    Endpoint endpoint,
    Handle standard,
    Supplier<SourceKey> key)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.USER_KEY;
  }

  @Override
  public List<Needed> needed() {
    return needed(user, service);
  }

  /** Returns the user and the service that a key needs. */
  public static List<Needed> needed(String ofUser, String forService) {
    return List.of(
        new Needed(ImportedKind.USER, ofUser, ReportReason.USER_MISSING),
        new Needed(ImportedKind.SERVICE, forService, ReportReason.SERVICE_MISSING));
  }

  @Override
  public Made make(Arrivals arrivals) {
    UUID serviceId = arrivals.require(ImportedKind.SERVICE, service);
    User.Id owner = new User.Id(arrivals.require(ImportedKind.USER, user));
    Optional<Instance> found =
        stores
            .services
            .find(new Instance.Id(serviceId), User.Id.SYSTEM, arrivals.now())
            .map(seen -> seen.instance())
            .filter(Instance::isSystemLevel);
    if (found.isEmpty()) {
      return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
    }
    if (stores.userKeys.find(found.get().id(), owner).isPresent()) {
      return new Made.LeftOut(ReportReason.KEY_EXISTS_HERE, "");
    }
    if (!found.get().endpoint().equals(endpoint)
        || !found.get().settings().fields().apiStandard().equals(standard)) {
      return new Made.LeftOut(ReportReason.DESTINATION_CHANGED_HERE, found.get().endpoint().url());
    }
    return switch (key.get()) {
      case SourceKey.Absent absent -> new Made.LeftOut(ReportReason.INVALID_API_KEY, "");
      case SourceKey.Closed closed -> new Made.LeftOut(ReportReason.KEY_DOES_NOT_OPEN, "");
      case SourceKey.Unusable unusable -> new Made.LeftOut(ReportReason.INVALID_API_KEY, "");
      case SourceKey.Usable usable -> {
        try (Secret secret = usable.secret()) {
          yield found.get().placement().isNone()
              ? new Made.LeftOut(ReportReason.STANDARD_TAKES_NO_KEY, "")
              : add(arrivals, found.get(), owner, secret);
        }
      }
    };
  }

  @Override
  public Optional<Changed> again(UUID forService, Arrivals arrivals) {
    return arrivals
        .find(ImportedKind.USER, user)
        .flatMap(
            owner ->
                stores.keys.compareOwn(
                    new UserKey(new Instance.Id(forService), new User.Id(owner), arrivals.now()),
                    new KeyAtSource(endpoint, standard, () -> key.get().usable(), label),
                    arrivals));
  }

  private Made add(Arrivals arrivals, Instance instance, User.Id owner, Secret secret) {
    boolean unused =
        stores.userKeys.save(
            new UserKey(instance.id(), owner, arrivals.now()),
            stores.sealer.seal(
                secret, KeyBinding.ofUserKey(instance.id(), owner, instance.destination())));
    return new Made.New(
        instance.id().value(),
        Optional.of(owner.value()),
        AuditAction.USER_KEY_CREATE,
        AuditTargets.userKey(instance, owner),
        List.of());
  }
}
