package io.claviger.domain.sessions;

import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A sign-in of a user in one browser.
 *
 * @param address the address from which the user signed in
 * @param userAgent the header {@code User-Agent} of the browser, shortened and not verified
 * @param signedInAt the time of the sign-in; {@link #signedInAt(Optional, Instant)} says which time
 *     counts after a sign-in with an identity provider
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
   * The time after a sign-in during which a user may link an identity, or hand out a token with
   * full access. After this time, the user has to sign in again, because the user might have left
   * the browser open.
   */
  public static final Duration RECENT = Duration.ofMinutes(5);

  /**
   * Returns the time that counts as the time of a sign-in with an identity provider. The provider
   * may answer without asking the person for anything, because it has a session of its own, so
   * whoever uses a browser that was left open could renew a sign-in with a click. So the sign-in
   * counts from the time at which the person has proven who they are. Some providers state no such
   * time, even if they are asked for it. Their sign-ins count from the answer, because otherwise
   * nobody could ever sign in recently with them.
   *
   * @param sinceProof how long ago the person has proven who they are, according to the provider;
   *     empty if the provider does not say so
   * @param now the time at which the provider's answer arrived
   * @return the time of the proof, but at most {@link #RECENT} before {@code now}: an older proof
   *     does not shorten the session by more than that
   */
  public static Instant signedInAt(Optional<Duration> sinceProof, Instant now) {
    return sinceProof
        .map(since -> since.compareTo(RECENT) < 0 ? now.minus(since) : now.minus(RECENT))
        .orElse(now);
  }

  /** Whether the user signed in so recently that they are probably still at this browser. */
  public boolean isRecentAt(Instant now) {
    return now.isBefore(signedInAt.plus(RECENT));
  }

  /**
   * Whether the user of this session may hand out an access token with this scope, for example by
   * approving a device. If the token could be used to change things, the sign-in must be recent,
   * because somebody else could otherwise take the token in a browser that the user has left open.
   */
  public boolean mayHandOut(TokenScope scope, Instant now) {
    return scope == TokenScope.USE || isRecentAt(now);
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
