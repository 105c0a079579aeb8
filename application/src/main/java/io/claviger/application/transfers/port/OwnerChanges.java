package io.claviger.application.transfers.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.MemberAccess;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Transfers services and projects to another owner. */
public interface OwnerChanges {
  /**
   * Locks the items of a transfer until the transaction ends. Also locks the projects that the
   * transfer affects: the giver's projects that use services among the items, and all projects that
   * are open to everybody and use such services, because the transfer closes them. Returns the ids
   * of the items that the giver still owns.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if somebody has opened a project
   *     during this call, and another transaction has locked this project
   */
  Set<UUID> lock(Transfer transfer);

  /** Returns whether a user owns a service or project that has the given handle. */
  boolean isTaken(TransferItem.Kind kind, User.Id owner, Handle handle);

  /**
   * Returns whether a reference is the former reference of a service or project other than {@code
   * except}.
   */
  boolean isReserved(TransferItem.Kind kind, Handle owner, Handle handle, UUID except);

  /**
   * Lists the giver's projects for which the transfer changes either the project's owner or the
   * owner of the project's service, but not both. Each result states the members' access before and
   * after the transfer.
   *
   * @param asker the user for whom the projects are listed; projects that this user sees are marked
   *     as visible
   * @param now the time that decides which shares have expired
   */
  List<AffectedProject> affectedProjects(Transfer transfer, User.Id asker, Instant now);

  /**
   * Moves a transfer's item to the receiver, and keeps its old reference as a former reference. Two
   * kinds of shares are then recorded as given by the receiver in the role of the owner: shares
   * that the former owner gave, and shares that the receiver gave as a co-owner. The receiver's own
   * share of the item ends.
   *
   * @param item the item with its new handle
   * @param until the time at which the old reference ceases to lead to the item
   * @return how many of the giver's shares are now recorded as given by the receiver
   * @throws io.claviger.application.shared.ConcurrencyConflict if the new reference is taken
   */
  int move(Transfer transfer, TransferItem item, Instant now, Instant until);

  /**
   * A project whose members might lose or gain access to the project's service.
   *
   * @param service the project's service
   * @param withOwnUse whether any member other than the receiver may use the service independently
   *     of the project
   * @param withoutOwnUse whether any member other than the receiver may use the service only
   *     through the project
   * @param shared whether the project is shared with anybody other than the receiver
   * @param members the number of members other than the receiver
   * @param visible whether the asker sees the project
   */
  record AffectedProject(
      Project.Ref project,
      Instance.Ref service,
      MemberAccess before,
      MemberAccess after,
      boolean withOwnUse,
      boolean withoutOwnUse,
      boolean shared,
      int members,
      boolean visible) {}
}
