package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A user's own key for a service. If the user already has a key for the service in Claviger, that
 * key is kept.
 *
 * @param label the names of the user and the service in the source
 * @param user the user's id in the source
 * @param service the service's id in the source
 * @param key decrypts the key; the import closes the returned secret
 */
public record IncomingUserKey(
    HereStores here, String id, String label, String user, String service, Supplier<SourceKey> key)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.USER_KEY;
  }

  @Override
  public List<Needed> needed() {
    return List.of(
        new Needed(ImportedKind.USER, user, ReportReason.USER_MISSING),
        new Needed(ImportedKind.SERVICE, service, ReportReason.SERVICE_MISSING));
  }

  @Override
  public Made make(Arrivals arrivals) {
    UUID serviceId = arrivals.require(ImportedKind.SERVICE, service);
    User.Id owner = new User.Id(arrivals.require(ImportedKind.USER, user));
    Optional<Instance> found =
        here.services
            .find(new Instance.Id(serviceId), User.Id.SYSTEM, arrivals.now())
            .map(seen -> seen.instance());
    if (found.isEmpty()) {
      return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
    }
    if (here.userKeys.find(found.get().id(), owner).isPresent()) {
      return new Made.LeftOut(ReportReason.KEY_EXISTS_HERE, "");
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

  private Made add(Arrivals arrivals, Instance instance, User.Id owner, Secret secret) {
    boolean unused =
        here.userKeys.save(
            new UserKey(instance.id(), owner, arrivals.now()),
            here.sealer.seal(
                secret, KeyBinding.ofUserKey(instance.id(), owner, instance.destination())));
    return new Made.New(
        instance.id().value(),
        Optional.of(owner.value()),
        AuditAction.USER_KEY_CREATE,
        AuditTargets.userKey(instance, owner),
        List.of());
  }
}
