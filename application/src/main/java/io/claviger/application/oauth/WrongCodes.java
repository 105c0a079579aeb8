package io.claviger.application.oauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.sessions.SessionActor;
import io.claviger.domain.accounts.AddressBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Counts wrong codes of each session and of each address, on this node. Up to {@value #REMEMBERED}
 * of both together are remembered.
 */
final class WrongCodes {
  private static final int MOST = 5;
  private static final int REMEMBERED = 20_000;
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private final Cache<Object, Count> counts = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  private record Count(Instant began, int wrong) {
    /** The period also ends when the clock was set back. */
    boolean isOver(Instant now) {
      return now.isBefore(began) || !now.isBefore(began.plus(PERIOD));
    }
  }

  /**
   * Counts a code as wrong before it is looked up, so that requests at once try no more codes than
   * requests one after the other. {@link #takeBack} undoes that for a code that turns out right.
   * Both counts rise together, because two requests could otherwise refuse each other.
   *
   * @return whether it may be looked up; if not, too many from this session or address were wrong
   */
  synchronized boolean mayTry(SessionActor session, Instant now) {
    return who(session).mapToInt(key -> count(key, now)).max().orElse(0) <= MOST;
  }

  /** The code was right. */
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

  private int count(Object key, Instant now) {
    return counts
        .asMap()
        .merge(
            key,
            new Count(now, 1),
            (was, one) ->
                was.isOver(now) ? one : new Count(was.began(), Math.min(was.wrong(), MOST) + 1))
        .wrong();
  }

  private static Stream<Object> who(SessionActor session) {
    return Stream.of(session.id(), AddressBlock.of(session.actor().address()));
  }
}
