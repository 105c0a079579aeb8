package io.claviger.domain.sessions;

import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A sign-in of a user in one browser.
 *
 * @param address the address from which the user signed in
 * @param userAgent the header {@code User-Agent} of the browser, shortened and not verified
 * @param seenAt the time of the last use, accurate to the minute
 */
public record Session(
    Id id,
    User.Id user,
    SignInMethod method,
    String address,
    String userAgent,
    Instant signedInAt,
    Instant seenAt) {
  /** The time without use after which a session ends. */
  public static final Duration LONGEST_IDLE = Duration.ofHours(8);

  /** The time after the sign-in at which a session ends, even if the session is in use. */
  public static final Duration LONGEST = Duration.ofDays(7);

  /**
   * The maximum number of live sessions of a user. When a further session starts, the oldest
   * session ends.
   */
  public static final int MOST = 50;

  /**
   * The time after a sign-in during which a user may link an identity or approve a device with full
   * access. After this time, the user has to sign in again, because the user might have left the
   * browser open.
   */
  public static final Duration RECENT = Duration.ofMinutes(5);

  /** Whether the user signed in so recently that they are probably still at this browser. */
  public boolean isRecentAt(Instant now) {
    return now.isBefore(signedInAt.plus(RECENT));
  }

  /** The time at which the session ends if it is not used again. */
  public Instant endsAt() {
    Instant idle = seenAt.plus(LONGEST_IDLE);
    Instant last = signedInAt.plus(LONGEST);
    return idle.isBefore(last) ? idle : last;
  }

  public boolean liveAt(Instant now) {
    return now.isBefore(endsAt());
  }

  /** Identifies a session. The id is not secret. Later sessions have greater ids. */
  public record Id(UUID value) {}
}
