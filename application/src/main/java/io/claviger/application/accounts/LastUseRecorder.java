package io.claviger.application.accounts;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.domain.accounts.AccessToken;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Records when a token was last used. Times are recorded only to the minute, because a write per
 * use would cost more than the use itself. Up to {@value #MOST} tokens are remembered.
 */
public final class LastUseRecorder {
  private static final int MOST = 100_000;

  /** The maximum number of uses that {@link #noteSoon} stores at the same time. */
  private static final int MOST_AT_ONCE = 16;

  private final AccessTokenStore tokens;
  private final Semaphore storing = new Semaphore(MOST_AT_ONCE);
  // The cache forgets some tokens if more than MOST tokens are in use. The next use of a forgotten
  // token is stored even if a use in the same minute is already stored.
  private final Map<AccessToken.Id, Instant> noted =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .executor(Runnable::run)
          .<AccessToken.Id, Instant>build()
          .asMap();

  public LastUseRecorder(AccessTokenStore tokens) {
    this.tokens = tokens;
  }

  /**
   * Stores this use of a token, unless a recent use is already stored. Does not wait for the
   * database. If the database does not answer, or if many other uses are being stored at the
   * moment, the token's next use is stored instead.
   */
  public void noteSoon(AccessToken token, Instant now) {
    if (!isDue(token, now) || !storing.tryAcquire()) {
      return;
    }
    Thread unused =
        Thread.ofVirtual()
            .name("claviger-last-use")
            .start(
                () -> {
                  try {
                    note(token, now);
                  } catch (RuntimeException e) {
                    // Nothing is done here, because the token's next use is stored instead, and
                    // background tasks report the failure of the database.
                  } finally {
                    storing.release();
                  }
                });
  }

  /** Whether this use has to be stored, because the last use that this node knows of is too old. */
  private boolean isDue(AccessToken token, Instant now) {
    return isLongAgo(token.lastUsedAt().orElse(Instant.MIN), now)
        && isLongAgo(noted.getOrDefault(token.id(), Instant.MIN), now);
  }

  public void note(AccessToken token, Instant now) {
    if (isDue(token, now) && isFirst(token, now)) {
      boolean written = false;
      try {
        tokens.recordUse(token.id(), now);
        written = true;
      } finally {
        if (!written) {
          boolean unused = noted.remove(token.id(), now);
        }
      }
    }
  }

  /** Whether this use is the first of several simultaneous uses. Only the first use is stored. */
  private boolean isFirst(AccessToken token, Instant now) {
    AtomicBoolean first = new AtomicBoolean();
    Instant unused =
        noted.compute(
            token.id(),
            (id, last) -> {
              first.set(last == null || isLongAgo(last, now));
              return first.get() ? now : last;
            });
    return first.get();
  }

  private static boolean isLongAgo(Instant last, Instant now) {
    return !last.isAfter(now.minus(AccessTokenStore.USE_GRAIN));
  }
}
