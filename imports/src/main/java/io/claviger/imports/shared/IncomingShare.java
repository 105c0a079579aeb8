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
 * A share of a system-level service that only holders of shares may use.
 *
 * @param service the id of the service in the source
 * @param holderKind the kind of the holder: user, service account or group
 * @param holder the id of the holder in the source
 * @param limits the limits that each holder has
 * @param models the models to which holders are restricted if neither their limits nor those of the
 *     service name models; empty if they may then call all models
 * @param pooled the limits that all members of a group have together
 * @param spent how much of the pooled budget has been spent, in the smallest part of the budget's
 *     unit
 */
public record IncomingShare(
    HereStores here,
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
        here.services
            .find(shared, User.Id.SYSTEM, arrivals.now())
            .map(seen -> seen.instance())
            .filter(Instance::isSystemLevel);
    if (found.isEmpty()) {
      return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
    }
    Handle handle = here.handleOf(holderKind, to);
    Grantee grantee =
        holderKind == ImportedKind.GROUP
            ? new Grantee.Members(new Group.Id(to), handle)
            : new Grantee.OneUser(new User.Id(to), handle);
    if (here.shares.find(shared, grantee.id()).isPresent()) {
      return new Made.Existing(shared.value());
    }
    here.shares.insert(
        shared,
        new Share(
            grantee,
            new Share.Terms(Role.READER, false, Optional.empty(), limitsOn(found.get()), pooled),
            Optional.of(Handle.SYSTEM),
            Optional.empty(),
            1,
            arrivals.now()),
        User.Id.SYSTEM);
    here.open(BudgetHolder.groupOn(shared.value(), to), pooled, spent);
    return new Made.New(
        shared.value(),
        Optional.of(to),
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(found.get()),
        List.of(grantee.name().toString()));
  }

  /**
   * Returns the limits that each holder has on a service. If somebody in Claviger has permitted all
   * models, so that the service names no models, this permission does not apply to people of the
   * source.
   */
  private Limits limitsOn(Instance shared) {
    boolean named = limits.models().isPresent() || shared.settings().limits().models().isPresent();
    return named || models.isEmpty() ? limits : limits.with(models.get());
  }
}
