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

/** Gives services and projects another owner. */
public interface OwnerChanges {
  /**
   * Locks what a transfer offers, and the giver's projects that use it, until the transaction ends.
   * Returns the ids of the items that the giver still owns.
   */
  Set<UUID> lock(Transfer transfer);

  /** Whether a user owns a thing of this kind and handle. */
  boolean isTaken(TransferItem.Kind kind, User.Id owner, Handle handle);

  /** Whether a reference is the former reference of another thing. */
  boolean isReserved(TransferItem.Kind kind, Handle owner, Handle handle, UUID except);

  /**
   * Lists the giver's projects of which the transfer changes either the owner or the owner of the
   * service, but not both. Each comes with the users who may use the service through it before and
   * after the transfer.
   *
   * @param asker decides which of them are visible
   * @param now the time that decides which shares have expired
   */
  List<AffectedProject> affectedProjects(Transfer transfer, User.Id asker, Instant now);

  /**
   * Gives an item of a transfer to the receiver, and leaves its old reference behind. Shares that
   * the giver gave, and those that the receiver gave as a co-owner, then count as given by the
   * receiver as the owner. The receiver's own share ends.
   *
   * @param item the item with its new handle
   * @param until how long the old reference leads to it
   * @return how many shares changed from the giver to the receiver
   * @throws io.claviger.application.shared.ConcurrencyConflict when the new reference is taken
   */
  int move(Transfer transfer, TransferItem item, Instant now, Instant until);

  /**
   * A project whose members might lose or gain the use of the service behind it.
   *
   * @param service the service behind the project
   * @param withOwnUse whether a member other than the receiver may use the service by a right of
   *     their own
   * @param withoutOwnUse whether a member other than the receiver does not
   * @param shared whether the project is shared with others than the receiver
   * @param members how many members other than the receiver it has
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
