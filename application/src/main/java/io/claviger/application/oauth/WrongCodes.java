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

  /** Whether there were too many from this session or address. */
  boolean areTooMany(SessionActor session, Instant now) {
    return who(session)
        .map(counts::getIfPresent)
        .anyMatch(count -> count != null && !count.isOver(now) && count.wrong() >= MOST);
  }

  void countOne(SessionActor session, Instant now) {
    who(session)
        .forEach(
            key -> {
              Count unused =
                  counts
                      .asMap()
                      .merge(
                          key,
                          new Count(now, 1),
                          (was, one) ->
                              was.isOver(now) ? one : new Count(was.began(), was.wrong() + 1));
            });
  }

  private static Stream<Object> who(SessionActor session) {
    return Stream.of(session.id(), AddressBlock.of(session.actor().address()));
  }
}
