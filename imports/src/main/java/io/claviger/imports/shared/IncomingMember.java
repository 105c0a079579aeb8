package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import java.util.List;
import java.util.Optional;

/**
 * A user's or service account's membership in a group. Nobody is added to a group whose members an
 * identity provider decides. Existing members stay unchanged.
 *
 * @param group the group's id in the source
 * @param userKind the member's kind: user or service account
 * @param user the user's id in the source
 */
public record IncomingMember(
    TargetStores stores, String group, ImportedKind userKind, String user, GroupRole role)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.GROUP_MEMBER;
  }

  @Override
  public String id() {
    return id(group, user);
  }

  /** Returns the id of a membership. */
  public static String id(String group, String user) {
    return group + " " + user;
  }

  @Override
  public List<Needed> needed() {
    return List.of(
        new Needed(ImportedKind.GROUP, group, ReportReason.GROUP_MISSING),
        new Needed(userKind, user, ReportReason.USER_MISSING));
  }

  @Override
  public Made make(Arrivals arrivals) {
    Group.Id in = new Group.Id(arrivals.require(ImportedKind.GROUP, group));
    User.Id member = new User.Id(arrivals.require(userKind, user));
    Handle groupHandle = stores.handleOf(ImportedKind.GROUP, in.value());
    Handle userHandle = stores.handleOf(userKind, member.value());
    if (stores.groups.findMember(in, member).isPresent()) {
      return new Made.Existing(in.value());
    }
    if (stores.isSynced(groupHandle)) {
      return new Made.LeftOut(ReportReason.GROUP_SYNCED, "@" + groupHandle);
    }
    stores.groups.putMember(in, new GroupMember(member, userHandle, role, arrivals.now()));
    return new Made.New(
        in.value(),
        Optional.of(member.value()),
        AuditAction.GROUP_MEMBER_ADD,
        AuditTargets.group(groupHandle),
        List.of(userHandle.value()));
  }
}
