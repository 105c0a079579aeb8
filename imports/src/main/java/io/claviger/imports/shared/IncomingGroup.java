package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import java.util.List;
import java.util.Optional;

/**
 * A group to import. Only the operator can state that a group is an existing group of Claviger,
 * because somebody who chooses the names of groups in the source could otherwise add members to any
 * group of Claviger.
 *
 * @param known whether the operator stated that the imported group corresponds to the Claviger
 *     group with this handle
 */
public record IncomingGroup(
    TargetStores stores, String id, boolean known, Handle handle, DisplayName displayName)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.GROUP;
  }

  @Override
  public Made make(Arrivals arrivals) {
    Optional<Group> same = stores.groups.hold(handle);
    if (known != same.isPresent()) {
      return new Made.LeftOut(
          known ? ReportReason.GROUP_MISSING : ReportReason.HANDLE_TAKEN, "@" + handle);
    }
    if (same.isPresent()) {
      arrivals.addRemark(kind(), id, ReportReason.FOUND_HERE, "@" + handle);
      return new Made.Existing(same.get().id().value());
    }
    Group group =
        new Group(
            new Group.Id(arrivals.nextId()),
            handle,
            FieldValues.defaults(Group.FIELDS).with(CommonFields.DISPLAY_NAME, displayName),
            Optional.empty(),
            1,
            arrivals.now(),
            arrivals.now());
    stores.groups.insert(group);
    return new Made.New(
        group.id().value(),
        Optional.empty(),
        AuditAction.GROUP_CREATE,
        AuditTargets.group(group),
        List.of("handle", "display_name"));
  }
}
