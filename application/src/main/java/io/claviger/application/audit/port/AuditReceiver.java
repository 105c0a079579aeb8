package io.claviger.application.audit.port;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.domain.audit.ChainHead;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A system to which the audit trail is pushed. */
public interface AuditReceiver {
  /**
   * Tells the receiver after which link the next links continue the trail. The receiver might have
   * later links, which the database has lost. The next links can then have the same numbers, but
   * other hashes.
   *
   * @param number the number of the last link before the next links; 0 if they begin the trail
   * @param hash the hash of the last link before the next links; empty if they begin the trail
   * @param at the timestamp of this message, by the database's clock
   * @throws Undelivered if it is uncertain whether the receiver has received the message, as in
   *     {@link #deliver}
   */
  void continueAfter(long number, String hash, Instant at);

  /**
   * Sends links with their events in the given order, and then a head.
   *
   * @throws Undelivered if it is uncertain whether the receiver has received everything. The method
   *     returns or throws within a limited time
   */
  void deliver(List<StoredLink> links, Optional<ChainHead> head);

  /**
   * Thrown if it is uncertain whether the receiver has received the lines. The message contains
   * neither a secret nor any part of the receiver's answer.
   */
  final class Undelivered extends RuntimeException {
    private final boolean mayBeTooLarge;

    /**
     * @param mayBeTooLarge whether the receiver might accept the lines if fewer were sent at once
     */
    public Undelivered(String message, boolean mayBeTooLarge) {
      super(message);
      this.mayBeTooLarge = mayBeTooLarge;
    }

    /** Whether the receiver might accept the lines if fewer were sent at once. */
    public boolean mayBeTooLarge() {
      return mayBeTooLarge;
    }
  }
}
