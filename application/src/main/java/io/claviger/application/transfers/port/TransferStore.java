package io.claviger.application.transfers.port;

import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores transfers with their items. */
public interface TransferStore {
  /**
   * Finds a transfer. The result can be empty if the actor can't see the transfer. The look-up of a
   * hidden transfer then takes as long as the look-up of an unknown transfer.
   */
  Optional<Transfer> find(Transfer.Id id, Sight sight);

  /** Finds a transfer like {@link #find}, and locks it exclusively until the transaction ends. */
  Optional<Transfer> lock(Transfer.Id id, Sight sight);

  /**
   * Lists the transfers that a user offered or was offered, ordered by the time of the offer, then
   * id.
   */
  List<Transfer> list(User.Id user, Optional<TimeCursor> after, int limit);

  /** Lists the open offers to a user, oldest first. */
  List<Transfer> listOpenTo(User.Id receiver, int limit);

  /** Lists the open offers of a user's services and projects, oldest first. */
  List<Transfer> listOpenOf(User.Id giver, int limit);

  /**
   * Stores a new offer. Of the giver's transfers that ended without being accepted, only the last
   * {@link Transfer#MOST_KEPT} are kept.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if one of the items is in another
   *     open offer, or if an item or one of the users was deleted
   */
  void insert(Transfer transfer, User.Id offeredBy);

  /**
   * Locks items until the transaction ends, so that they can't be deleted, transferred or offered
   * again in the meantime. First locks those offers of the items that have expired but are still
   * stored as open. This method is called before users are locked.
   *
   * @param waits whether to wait for other transactions; must be false if a service is locked
   *     already
   * @throws io.claviger.application.shared.ConcurrencyConflict if an item was deleted or has
   *     another owner now; or if another transaction has locked a row, and this method must not
   *     wait
   */
  void lockItems(List<TransferItem> items, User.Id owner, boolean waits);

  /**
   * Returns which of the given items are in an open offer, each with the offer.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if an offer of an item has expired
   *     since {@link #expire}, or was locked by another transaction then
   */
  Map<TransferItem, Transfer.Id> offered(List<TransferItem> items);

  /** Stores the end of a transfer, with the new handles of its items. */
  void end(Transfer transfer);

  /**
   * Ends open offers that have expired according to the database's clock. Offers that other
   * transactions have locked are left for the next time.
   */
  void expire();

  /**
   * Deletes the transfers that ended longer ago than the given time, by the database's clock.
   * Transfers that other transactions have locked are left for the next time. Returns the number of
   * deleted transfers.
   */
  int deleteEnded(Duration ago);
}
