package io.claviger.domain.objects;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The amount that a borrower may store with a service's key. All who call through the borrower's
 * projects use up the same quota. The database applies the rules of this class when it records an
 * object, because it has to lock the counts meanwhile.
 *
 * @param objects the greatest number of objects other than responses
 * @param bytes the greatest total size of all objects in bytes
 */
public record ObjectQuota(long objects, long bytes) {
  public static final ObjectQuota DEFAULT = new ObjectQuota(1_000, 10L << 30);

  /** The greatest number of responses and response items that the ledger keeps for a borrower. */
  public static final int MOST_RESPONSES = 100_000;

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
   * @param nonMember the part of it that the caller has stored, if the caller calls through an open
   *     project and is not a member of the project. Such a caller must leave as much as the caller
   *     has stored. So one of them can take at most half of what the others have left
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
   * Chooses whose oldest response ends when there are too many for one more. It is a response of
   * the maker who has most of them, or of the caller, if nobody has more than the caller. So no
   * response ends for somebody who has more of them than its maker.
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
