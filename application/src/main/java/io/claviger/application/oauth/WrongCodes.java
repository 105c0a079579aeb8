package io.claviger.application.oauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Elapsed;
import io.claviger.domain.accounts.AddressBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Counts the wrong codes of each session, user and address on this node. Up to {@value #REMEMBERED}
 * sessions, users and addresses are remembered in total. All people at an address, such as the
 * address of an office, may together enter {@value #MOST_OF_ADDRESS} wrong codes, and each user may
 * enter {@value #MOST}. So one person can't prevent the others from approving their devices.
 */
final class WrongCodes {
  private static final int MOST = 5;
  private static final int MOST_OF_ADDRESS = 50;
  private static final int REMEMBERED = 20_000;
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private final Cache<Object, Count> counts = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  private record Count(Instant began, int wrong) {
    /** Whether the period in which codes are counted is over. */
    boolean isOver(Instant now) {
      return !Elapsed.isWithin(PERIOD, began, now);
    }
  }

  /**
   * Counts a code as wrong before it is looked up, so that simultaneous requests can't try more
   * codes than consecutive requests. If the code turns out to be right, {@link #takeBack} undoes
   * the count. All counts are increased in one step. With separate steps, two simultaneous requests
   * could cause each other to be refused. If the session or user has too many wrong codes, the code
   * is not looked up and not counted for the address. Returns whether the code may be looked up.
   * Returns false after too many wrong codes from the session, the user or the address.
   */
  synchronized boolean mayTry(SessionActor session, Instant now) {
    int own = Math.max(count(session.id(), MOST, now), count(session.session().user(), MOST, now));
    return own <= MOST && count(block(session), MOST_OF_ADDRESS, now) <= MOST_OF_ADDRESS;
  }

  synchronized void takeBack(SessionActor session, Instant now) {
    who(session)
        .forEach(
            key -> {
              Count unused =
                  counts
                      .asMap()
                      .computeIfPresent(
                          key,
                          (k, was) ->
                              was.isOver(now) || was.wrong() == 0
                                  ? was
                                  : new Count(was.began(), was.wrong() - 1));
            });
  }

  private int count(Object key, int most, Instant now) {
    return counts
        .asMap()
        .merge(
            key,
            new Count(now, 1),
            (was, one) ->
                was.isOver(now) ? one : new Count(was.began(), Math.min(was.wrong(), most) + 1))
        .wrong();
  }

  private static Stream<Object> who(SessionActor session) {
    return Stream.of(session.id(), session.session().user(), block(session));
  }

  private static AddressBlock block(SessionActor session) {
    return AddressBlock.of(session.actor().address());
  }
}
