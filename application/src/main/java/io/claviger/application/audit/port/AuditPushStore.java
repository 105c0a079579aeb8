package io.claviger.application.audit.port;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Stores how far the audit trail was pushed. One node pushes at a time. */
public interface AuditPushStore {
  /**
   * How far the trail was pushed.
   *
   * @param number the number of the last link that the receiver has; 0 if the receiver has no link
   * @param hash the hash of that link; empty if the receiver has no link
   * @param head the number of the last head that the receiver has; 0 if the receiver has no head
   */
  record Cursor(long number, String hash, long head) {
    /** The cursor before anything was pushed. */
    public static final Cursor BEGINNING = new Cursor(0, "", 0);

    /** Returns the bytes of the cursor that are signed. */
    public byte[] signed() {
      return "claviger audit cursor 1\n%s\n%s\n%s\n"
          .formatted(number, hash, head)
          .getBytes(StandardCharsets.US_ASCII);
    }
  }

  /**
   * A cursor with the facts that are stored with it.
   *
   * @param signature the signature of the cursor in base64; empty if the cursor is not signed
   * @param fromBefore whether the cursor was stored before cursors were signed, so that it needs no
   *     signature
   */
  record StoredCursor(Cursor cursor, String signature, boolean fromBefore) {}

  /**
   * The events that the receiver does not have yet.
   *
   * @param events the number of links that are newer than the cursor, plus the number of events
   *     without a link
   * @param oldest the earlier of two times: the time of the event with the oldest link that is
   *     newer than the cursor, and the time since which an event has waited for its link
   */
  record Backlog(long events, Optional<Instant> oldest) {}

  /**
   * Gives a node the right to push, unless another node has that right. The clock of the database
   * measures the time, because the clocks of nodes may differ.
   *
   * @param time how long the node has the right from now on
   * @return the stored cursor; empty if another node has the right
   */
  Optional<StoredCursor> lease(UUID node, Duration time);

  /**
   * Moves the cursor, and renews the node's right to push.
   *
   * @param signature the signature of the cursor in base64
   * @param time how long the node has the right from now on
   * @return whether the node still had the right to push
   */
  boolean advance(UUID node, Cursor to, String signature, Duration time);

  /** Ends a node's right to push, so that another node need not wait until the right expires. */
  void release(UUID node);

  Backlog backlog();
}
