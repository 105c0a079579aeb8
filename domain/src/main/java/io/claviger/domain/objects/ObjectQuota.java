package io.claviger.domain.objects;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The amount that a borrower may store with a service's key. All who call through the borrower's
 * projects use up the same quota. The database applies the rules of this class when it records an
 * object, because the counts have to stay locked until the object is recorded.
 *
 * @param objects the greatest number of objects other than responses
 * @param bytes the greatest total size of all objects in bytes
 */
public record ObjectQuota(long objects, long bytes) {
  public static final ObjectQuota DEFAULT = new ObjectQuota(1_000, 10L << 30);

  /** The greatest number of responses and response items that the ledger keeps for a borrower. */
  public static final int MOST_RESPONSES = 100_000;

  /**
   * What the ledger keeps at all services together. Responses and the parts of objects count too. A
   * user or group counts together with the service accounts for which the user or group is
   * responsible.
   *
   * @param live the greatest number of live objects of one maker. The parts of an object count for
   *     the maker of that object, even if somebody else reads them first. Beyond this number, a new
   *     response ends the maker's oldest response that the same borrower has at the same service;
   *     if there is none, and for all other objects, there is no room
   * @param added the greatest number of rows that one caller may add in an hour. A row is kept for
   *     about an hour after its object has ended. So without this limit, calls that store and
   *     delete objects could fill the database. Rows of orphans have room up to twice this number,
   *     because an object without a row would never be deleted at the provider
   */
  public record Records(long live, long added) {
    public static final Records MOST = new Records(1_000_000, 1_000_000);
  }

  /**
   * The time for which the ledger keeps a container after a call last used the container. This time
   * is limited because providers remove idle containers without saying when, and because tools can
   * create a container for each answer.
   */
  public static final Duration IDLE_CONTAINER = Duration.ofDays(1);

  /** The number of days for which the ledger and the provider keep a response. */
  public static final int DAYS_OF_RESPONSES = 30;

  /**
   * What somebody has stored.
   *
   * @param objects the number of objects other than responses
   * @param bytes the total size of all objects in bytes
   */
  public record Stored(long objects, long bytes) {}

  /**
   * Whether an object other than a response may be stored.
   *
   * @param all what counts against this quota so far
   * @param nonMember the part of {@code all} that the caller has stored; empty unless the caller
   *     calls through an open project without being a member of it. A caller who is not a member
   *     must leave at least as much free as the caller stores in all. So one such caller can take
   *     at most half of what the others have left
   * @param size the size of the object in bytes
   */
  public boolean hasRoom(Stored all, Optional<Stored> nonMember, long size) {
    long objectsLeft = objects - all.objects() - 1;
    long bytesLeft = bytes - all.bytes() - size;
    return objectsLeft >= 0
        && bytesLeft >= 0
        && nonMember
            .filter(own -> own.objects() + 1 > objectsLeft || own.bytes() + size > bytesLeft)
            .isEmpty();
  }

  /**
   * Chooses the maker whose oldest response ends when there is no room for another response of the
   * caller. This is the maker who has the most responses, or the caller if nobody has more than the
   * caller. So nobody loses a response to a caller who has more responses.
   *
   * <p>Service accounts are counted together with the user or group responsible for them.
   *
   * <p>If several responses have to end, because a limit was lowered, the rule holds for each of
   * them in turn. The database's function {@code make_room_for_object} chooses them all at once:
   * the oldest of a maker's n responses has the rank n, and the newest one has the rank 1. The
   * responses with the highest ranks end, and among equal ranks the caller's response ends first.
   *
   * @param responses the number of responses of each maker
   */
  public static UUID losesResponse(Map<UUID, Long> responses, UUID caller) {
    Map.Entry<UUID, Long> most =
        Collections.max(responses.entrySet(), Map.Entry.comparingByValue());
    return responses.getOrDefault(caller, 0L) >= most.getValue() ? caller : most.getKey();
  }
}
