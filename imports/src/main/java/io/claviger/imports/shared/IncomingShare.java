package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A share of a system-level service that only holders of shares may use. A share that somebody in
 * Claviger has given stays unchanged. If its pooled limits allow more than those of the source, the
 * import leaves out the source's share and the tokens that need its limits.
 *
 * @param service the service's id in the source
 * @param holderKind the holder's kind: user, service account or group
 * @param holder the holder's id in the source
 * @param limits the limits that apply to each member of the holding group separately, or to the
 *     holder if it is not a group
 * @param models the allowed models if neither the holders' limits nor the service's limits name
 *     models; empty to allow all models
 * @param pooled the limits that apply to all members of the holding group together
 * @param spent the amount that was already spent from the pooled budget, in nano-dollars, tokens or
 *     requests
 */
public record IncomingShare(
    TargetStores stores,
    String service,
    ImportedKind holderKind,
    String holder,
    Limits limits,
    Optional<Set<ModelPattern>> models,
    Limits pooled,
    long spent)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.SHARE;
  }

  @Override
  public String id() {
    return service + " " + (holderKind == ImportedKind.GROUP ? "@" : "") + holder;
  }

  @Override
  public List<Needed> needed() {
    return List.of(
        new Needed(ImportedKind.SERVICE, service, ReportReason.SERVICE_MISSING),
        new Needed(
            holderKind,
            holder,
            holderKind == ImportedKind.GROUP
                ? ReportReason.GROUP_MISSING
                : ReportReason.USER_MISSING));
  }

  @Override
  public Made make(Arrivals arrivals) {
    Instance.Id shared = new Instance.Id(arrivals.require(ImportedKind.SERVICE, service));
    UUID to = arrivals.require(holderKind, holder);
    Optional<Instance> found =
        stores
            .services
            .find(shared, User.Id.SYSTEM, arrivals.now())
            .map(seen -> seen.instance())
            .filter(Instance::isSystemLevel);
    if (found.isEmpty()) {
      return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
    }
    Handle handle = stores.handleOf(holderKind, to);
    Grantee grantee =
        holderKind == ImportedKind.GROUP
            ? new Grantee.Members(new Group.Id(to), handle)
            : new Grantee.OneUser(new User.Id(to), handle);
    Optional<Share> given = stores.shares.find(shared, grantee.id());
    if (given.isPresent()) {
      if (!isWithin(given.get().terms(), pooled)) {
        return new Made.LeftOut(ReportReason.LIMITS_EXIST, grantee.name().toString());
      }
      TargetStores.remarkUncharged(this, pooled, spent, grantee.name().toString(), arrivals);
      return new Made.Existing(shared.value());
    }
    stores.shares.insert(
        shared,
        new Share(
            grantee,
            new Share.Terms(Role.READER, false, Optional.empty(), limitsOn(found.get()), pooled),
            Optional.of(Handle.SYSTEM),
            Optional.empty(),
            Share.firstVersion(arrivals.now()),
            arrivals.now()),
        User.Id.SYSTEM);
    stores.open(BudgetHolder.groupOn(shared.value(), to), pooled, spent);
    return new Made.New(
        shared.value(),
        Optional.of(to),
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(found.get()),
        List.of(grantee.name().toString()));
  }

  /** Whether all calls through a share together stay within pooled limits of the source. */
  static boolean isWithin(Share.Terms given, Limits pooled) {
    return pooled.isNone() || given.pooledLimits().areWithin(pooled);
  }

  /**
   * Returns each holder's limits on a service. Even if somebody in Claviger has removed the
   * service's limit on models, imported holders may still call only the models in {@code models}.
   */
  private Limits limitsOn(Instance shared) {
    boolean named = limits.models().isPresent() || shared.settings().limits().models().isPresent();
    return named || models.isEmpty() ? limits : limits.with(models.get());
  }
}
