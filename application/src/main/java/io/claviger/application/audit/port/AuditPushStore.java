package io.claviger.application.audit.port;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Stores the position up to which the audit trail was pushed. One node pushes at a time. */
public interface AuditPushStore {
  /**
   * The position up to which the trail was pushed.
   *
   * @param number the number of the last link at the receiver; 0 if the receiver has no link
   * @param hash the hash of the last link at the receiver; empty if the receiver has no link
   * @param head the number of the last head at the receiver; 0 if the receiver has no head
   */
  record Cursor(long number, String hash, long head) {
    /** The cursor before anything was pushed. */
    public static final Cursor BEGINNING = new Cursor(0, "", 0);

    /** Returns the bytes that the signature of the cursor covers. */
    public byte[] signed() {
      return "claviger audit cursor 1\n%s\n%s\n%s\n"
          .formatted(number, hash, head)
          .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Returns the bytes to sign if the signature covers both the cursor and the database's name.
     *
     * @param database the database's name, as in {@link StoredCursor#database}
     */
    public byte[] signedIn(String database) {
      return "claviger audit cursor 2\n%s\n%s\n%s\n%s\n"
          .formatted(number, hash, head, database)
          .getBytes(StandardCharsets.US_ASCII);
    }
  }

  /**
   * A cursor with its signature.
   *
   * @param signature the signature of the cursor in base64; empty if the cursor is not signed
   * @param fromBefore whether the cursor is from a version without signatures, so that the cursor
   *     needs no signature
   * @param history the name of the database in which the cursor was moved, followed by a space and
   *     by the signature of the cursor together with that name. Empty if only earlier versions
   *     moved the cursor
   * @param database a name of the present database. A restored dump gets another name
   * @param lastServer the database server on which the cursor was last moved; empty if only earlier
   *     versions moved the cursor
   * @param server the present database server. A server that is started again, for example with
   *     restored files, or that takes over from another server, counts as another server
   */
  record StoredCursor(
      Cursor cursor,
      String signature,
      boolean fromBefore,
      String history,
      String database,
      String lastServer,
      String server) {}

  /**
   * The events that have not been pushed to the receiver.
   *
   * @param events the number of links after the last pushed link plus the number of events without
   *     a link
   * @param oldest the time of the oldest of these events, whether it has a link or not
   */
  record Backlog(long events, Optional<Instant> oldest) {}

  /**
   * Gives a node the right to push, unless another node has that right. The database's clock
   * decides, because the clocks of nodes can differ. A stored right that would last longer than the
   * given time does not count: either the clock was set back after the right was given, or somebody
   * has written the right into the database.
   *
   * @param time the time for which the right lasts from now on
   * @return the stored cursor; empty if another node has the right
   */
  Optional<StoredCursor> lease(UUID node, Duration time);

  /**
   * Moves the cursor, and renews the node's right to push.
   *
   * @param signature the signature of the cursor in base64
   * @param history the text to store, in the form of {@link StoredCursor#history}
   * @param server the database server from which the pushed links were read
   * @param time the time for which the right lasts from now on
   * @return whether the node still had the right to push
   */
  boolean advance(
      UUID node, Cursor to, String signature, String history, String server, Duration time);

  /** Ends a node's right to push. Another node then need not wait until the right expires. */
  void release(UUID node);

  /**
   * Reads the cursor, even if another node has the right to push; empty if nothing was pushed yet.
   */
  Optional<StoredCursor> cursor();

  /**
   * @param number the number of the last link at the receiver; 0 if the receiver has no link
   */
  Backlog backlogAfter(long number);
}
