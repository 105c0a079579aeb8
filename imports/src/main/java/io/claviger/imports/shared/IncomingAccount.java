package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.CommonFields;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A service account for which a group's managers are responsible. A group whose members an identity
 * provider decides can't be responsible for an account.
 *
 * @param group the group's id in the source
 */
public record IncomingAccount(
    TargetStores stores,
    String id,
    Handle handle,
    DisplayName displayName,
    String group,
    Handle groupHandle)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.SERVICE_ACCOUNT;
  }

  @Override
  public List<Needed> needed() {
    return List.of(new Needed(ImportedKind.GROUP, group, ReportReason.GROUP_MISSING));
  }

  @Override
  public Made make(Arrivals arrivals) {
    if (stores.isTaken(handle)) {
      return new Made.LeftOut(ReportReason.HANDLE_TAKEN, handle.value());
    }
    if (stores.isSynced(groupHandle)) {
      return new Made.LeftOut(ReportReason.GROUP_SYNCED, "@" + groupHandle);
    }
    UUID responsible = arrivals.require(ImportedKind.GROUP, group);
    User account =
        new User(
            new User.Id(arrivals.nextId()),
            handle,
            User.defaults(handle).with(CommonFields.DISPLAY_NAME, displayName),
            UserKind.SERVICE,
            Optional.of(new Responsible.GroupManagers(responsible, groupHandle)),
            Optional.empty(),
            1,
            arrivals.now(),
            arrivals.now());
    stores.users.insert(account);
    return new Made.New(
        account.id().value(),
        Optional.empty(),
        AuditAction.USER_CREATE,
        AuditTargets.user(account.id(), handle),
        List.of("handle", "display_name", "kind", "responsible"));
  }
}
