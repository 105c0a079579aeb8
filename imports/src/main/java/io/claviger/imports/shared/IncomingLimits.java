package io.claviger.imports.shared;

import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.Limits;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The limits for all calls of a user, or for all members of a group together. Limits that
 * administrators have set here stay unchanged. If these limits allow more than the limits of the
 * source, the import leaves out the source's limits and everything that needs them.
 *
 * @param ofGroup true for a group's limits, false for a user's limits
 * @param holder the user's or group's id in the source
 * @param spent the amount that was already spent from the budget in these limits, in nano-dollars,
 *     tokens or requests
 */
public record IncomingLimits(
    TargetStores stores, boolean ofGroup, String holder, Limits limits, long spent)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ofGroup ? ImportedKind.GROUP_LIMITS : ImportedKind.LIMITS;
  }

  @Override
  public String id() {
    return holder;
  }

  @Override
  public List<Needed> needed() {
    return List.of(
        ofGroup
            ? new Needed(ImportedKind.GROUP, holder, ReportReason.GROUP_MISSING)
            : new Needed(ImportedKind.USER, holder, ReportReason.USER_MISSING));
  }

  @Override
  public Made make(Arrivals arrivals) {
    UUID id = arrivals.require(ofGroup ? ImportedKind.GROUP : ImportedKind.USER, holder);
    Handle handle = stores.handleOf(ofGroup ? ImportedKind.GROUP : ImportedKind.USER, id);
    StoredLimits before =
        ofGroup ? stores.limits.find(new Group.Id(id), true) : stores.limits.find(new User.Id(id));
    if (!before.equals(StoredLimits.NEVER)) {
      if (!before.limits().areWithin(limits)) {
        return new Made.LeftOut(ReportReason.LIMITS_EXIST, handle.value());
      }
      TargetStores.remarkUncharged(this, limits, spent, (ofGroup ? "@" : "") + handle, arrivals);
      return new Made.Existing(id);
    }
    StoredLimits stored = new StoredLimits(limits, before.version() + 1);
    if (ofGroup) {
      stores.limits.save(new Group.Id(id), true, stored, arrivals.now());
    } else {
      stores.limits.save(new User.Id(id), stored, arrivals.now());
    }
    stores.open(ofGroup ? BudgetHolder.group(id) : BudgetHolder.user(id), limits, spent);
    AuditTarget target =
        ofGroup ? AuditTargets.group(handle) : AuditTargets.user(new User.Id(id), handle);
    return new Made.New(
        id,
        Optional.of(id),
        ofGroup ? AuditAction.GROUP_UPDATE : AuditAction.USER_UPDATE,
        target,
        List.of(ofGroup ? "pooled_limits" : "limits"));
  }
}
