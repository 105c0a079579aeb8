package io.claviger.application.limits;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserAction;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.domain.policy.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class AssignedLimitsUseCases implements AssignedLimits {
  private final AssignedLimitsStore limits;
  private final UserAccess users;
  private final GroupStore groups;
  private final AuditedChanges changes;

  AssignedLimitsUseCases(
      AssignedLimitsStore limits, UserAccess users, GroupStore groups, AuditedChanges changes) {
    this.limits = limits;
    this.users = users;
    this.groups = groups;
    this.changes = changes;
  }

  @Override
  public Outcome<StoredLimits> ofUser(Actor actor, Handle user) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return limits.find(users.find(actor, user, UserAction.SEE).id());
        });
  }

  @Override
  public Outcome<StoredLimits> putOfUser(
      Actor actor, Handle handle, Precondition precondition, Limits most) {
    return changes.change(
        actor,
        AuditAction.USER_UPDATE,
        AuditTargets.user(handle),
        log -> {
          User user = users.lock(actor, handle, UserAction.SET_LIMITS);
          StoredLimits before = limits.find(user.id());
          precondition.demand(before.version());
          if (before.limits().equals(most)) {
            return before;
          }
          StoredLimits after = new StoredLimits(most, before.version() + 1);
          limits.save(user.id(), after, changes.now());
          log.recordChange(
              AuditAction.USER_UPDATE,
              AuditTargets.user(user.id(), user.handle()),
              List.of("limits"),
              changed("limits/", before.limits(), most));
          return after;
        });
  }

  @Override
  public Outcome<StoredLimits> ofGroup(Actor actor, Handle group, boolean pooled) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          GroupStore.VisibleGroup seen =
              groups.find(group, actor.id()).orElseThrow(RefusedException::notFound);
          demandMay(actor, seen, GroupAction.SEE_LIMITS);
          return limits.find(seen.group().id(), pooled);
        });
  }

  @Override
  public Outcome<StoredLimits> putOfGroup(
      Actor actor, Handle handle, boolean pooled, Precondition precondition, Limits most) {
    return changes.change(
        actor,
        AuditAction.GROUP_UPDATE,
        AuditTargets.group(handle),
        log -> {
          GroupStore.VisibleGroup seen =
              groups.lock(handle, actor.id()).orElseThrow(RefusedException::notFound);
          Group group = seen.group();
          log.setTarget(AuditTargets.group(group));
          demandMay(actor, seen, GroupAction.SET_LIMITS);
          StoredLimits before = limits.find(group.id(), pooled);
          precondition.demand(before.version());
          if (before.limits().equals(most)) {
            return before;
          }
          StoredLimits after = new StoredLimits(most, before.version() + 1);
          limits.save(group.id(), pooled, after, changes.now());
          log.recordChange(
              AuditAction.GROUP_UPDATE,
              AuditTargets.group(group),
              List.of(pooled ? "pooled_limits" : "limits"),
              changed(pooled ? "pooled_limits/" : "limits/", before.limits(), most));
          return after;
        });
  }

  private static List<AuditEvent.Term> changed(String prefix, Limits before, Limits after) {
    return AuditEvent.Term.changed(texts(prefix, before), texts(prefix, after));
  }

  private static Map<String, String> texts(String prefix, Limits limits) {
    Map<String, String> texts = new LinkedHashMap<>();
    limits.texts().forEach((field, text) -> texts.put(prefix + field, text));
    return texts;
  }

  private static void demandMay(Actor actor, GroupStore.VisibleGroup seen, GroupAction action) {
    if (!GroupPermissions.allows(actor.administrator(), seen.role(), action)) {
      throw RefusedException.forbidden(
          action == GroupAction.SEE_LIMITS
              ? "Only members of this group and administrators may see its limits."
              : "Only administrators may set limits of groups.");
    }
  }
}
