package io.claviger.application.transfers.port;

import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores transfers with their items. */
public interface TransferStore {
  /**
   * Finds a transfer. The result may be empty if the actor can't see the transfer. So the look-up
   * of a hidden transfer takes as long as the look-up of an unknown transfer.
   */
  Optional<Transfer> find(Transfer.Id id, Sight sight);

  /**
   * Finds a transfer as {@link #find} does, and locks it for a change until the transaction ends.
   */
  Optional<Transfer> lock(Transfer.Id id, Sight sight);

  /** Lists the transfers that a user offered or was offered, by the time of the offer, then id. */
  List<Transfer> list(User.Id user, Optional<TimeCursor> after, int limit);

  /**
   * Stores a new offer.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when one of the offer's items is in
   *     another open offer, or when an item or one of the users has been deleted
   */
  void insert(Transfer transfer, User.Id offeredBy);

  /** Returns those of the given items that are in an open offer. */
  List<TransferItem> offered(List<TransferItem> items);

  /** Stores how a transfer ended, with the new handles of its items. */
  void end(Transfer transfer);

  /** Ends the open offers that have expired. */
  void expire(Instant now);

  /** Deletes transfers that ended before a time. Returns how many transfers were deleted. */
  int deleteEndedBefore(Instant time);
}
