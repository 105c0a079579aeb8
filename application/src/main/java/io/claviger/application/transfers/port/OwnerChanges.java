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

/** Moves services and projects to another owner. */
public interface OwnerChanges {
  /**
   * Until the transaction ends, locks the items of a transfer, and the giver's projects that use
   * the services among these items. Returns the ids of the items that the giver still owns.
   */
  Set<UUID> lock(Transfer transfer);

  /** Returns whether a user owns a thing of this kind with this handle. */
  boolean isTaken(TransferItem.Kind kind, User.Id owner, Handle handle);

  /** Returns whether a reference is the former reference of a thing other than {@code except}. */
  boolean isReserved(TransferItem.Kind kind, Handle owner, Handle handle, UUID except);

  /**
   * Lists the giver's projects for which the transfer changes exactly one of two owners: the owner
   * of the project, or the owner of the service behind the project. For each project, the result
   * contains the access that members have before the transfer and after it.
   *
   * @param asker the user who asks; the projects that this user sees are marked as visible
   * @param now the time that decides which shares have expired
   */
  List<AffectedProject> affectedProjects(Transfer transfer, User.Id asker, Instant now);

  /**
   * Moves an item of a transfer to the receiver, and keeps its old reference as a former reference.
   * The receiver is then recorded as the giver of two kinds of shares: shares that the former owner
   * gave, and shares that the receiver gave as a co-owner. The receiver's own share of the item
   * ends.
   *
   * @param item the item with its new handle
   * @param until the time until which the old reference finds the item
   * @return how many of the giver's shares are now recorded as given by the receiver
   * @throws io.claviger.application.shared.ConcurrencyConflict when the new reference is taken
   */
  int move(Transfer transfer, TransferItem item, Instant now, Instant until);

  /**
   * A project whose members might lose or gain the right to use the service behind the project.
   *
   * @param service the service behind the project
   * @param withOwnUse whether a member other than the receiver may use the service by a right that
   *     does not depend on the project
   * @param withoutOwnUse whether a member other than the receiver has no right to use the service
   *     independently of the project
   * @param shared whether the project is shared with anybody other than the receiver
   * @param members how many members other than the receiver the project has
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
