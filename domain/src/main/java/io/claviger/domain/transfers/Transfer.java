package io.claviger.domain.transfers;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An offer of services and projects to another user.
 *
 * @param from the owner of the items at the time of the offer
 * @param to the user who is to get the items
 * @param offeredBy the giver, or an administrator on behalf of a suspended giver; empty if the
 *     offering user was deleted
 * @param items 1 to {@link #MOST_ITEMS} items, with services before projects
 * @param state the stored state; {@link #stateAt} also considers that the transfer might have
 *     expired
 * @param expiresAt when the offer expires
 * @param endedAt when the offer was accepted, declined or withdrawn, or when its expiry was
 *     noticed; empty while the offer is open
 */
public record Transfer(
    Id id,
    Party from,
    Party to,
    Optional<Handle> offeredBy,
    List<TransferItem> items,
    TransferState state,
    Instant offeredAt,
    Instant expiresAt,
    Optional<Instant> endedAt) {
  /** The time for which an offer stays open. */
  public static final Duration OPEN_FOR = Duration.ofDays(14);

  /** The time for which the former reference of a transferred service or project stays valid. */
  public static final Duration REFERENCE_LASTS = Duration.ofDays(30);

  /** The maximum number of items in one transfer, services and projects together. */
  public static final int MOST_ITEMS = 100;

  /**
   * The maximum number of a giver's transfers that ended without being accepted, and that are kept.
   * Without this maximum, a user could fill the database by offering and withdrawing again and
   * again.
   */
  public static final int MOST_KEPT = 100;

  /** The giver or the receiver of a transfer. */
  public record Party(User.Id id, Handle handle) {}

  public Transfer {
    items = List.copyOf(items);
  }

  /** Returns a new offer, which is open from this moment on. */
  public static Transfer offered(
      Id id, Party from, Party to, Handle author, List<TransferItem> items, Instant now) {
    return new Transfer(
        id,
        from,
        to,
        Optional.of(author),
        items,
        TransferState.OFFERED,
        now,
        now.plus(OPEN_FOR),
        Optional.empty());
  }

  /** Returns the transfer's state at a given time. */
  public TransferState stateAt(Instant now) {
    return state == TransferState.OFFERED && !now.isBefore(expiresAt)
        ? TransferState.EXPIRED
        : state;
  }

  public Transfer with(List<TransferItem> others) {
    return new Transfer(id, from, to, offeredBy, others, state, offeredAt, expiresAt, endedAt);
  }

  /** Returns this transfer with the state that it has at a given time. */
  public Transfer asOf(Instant now) {
    return stateAt(now) == state ? this : ended(TransferState.EXPIRED, items, expiresAt);
  }

  public Transfer ended(TransferState how, List<TransferItem> then, Instant now) {
    return new Transfer(id, from, to, offeredBy, then, how, offeredAt, expiresAt, Optional.of(now));
  }

  /** Identifies a transfer permanently. */
  public record Id(UUID value) {}
}
