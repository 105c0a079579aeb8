package io.claviger.domain.issuer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that signs statements, will sign them, or has signed them. While it is on record it is
 * published.
 *
 * @param kid the id of its public half
 * @param shownAt since when the address that providers read has shown it without interruption;
 *     known only before it signs
 * @param endsAt when it is no longer published; given only for a retired key
 */
public record IssuerKey(
    String kid,
    State state,
    Instant createdAt,
    Optional<Instant> shownAt,
    Optional<Instant> endsAt) {
  /**
   * How long providers must have been able to read a key before it signs. Some of them keep the key
   * set for a day.
   */
  public static final Duration SHOWN_BEFORE = Duration.ofHours(24);

  /**
   * How long a key is published after its last signature: the life of a statement, and as much
   * again for a provider whose clock is late.
   */
  public static final Duration SHOWN_AFTER = Duration.ofMinutes(10);

  /** Where a key stands in its life. At most one key is published only, and at most one signs. */
  public enum State {
    PUBLISHED("published"),
    SIGNING("signing"),
    RETIRED("retired");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    /** The stored and shown name. */
    public String wireName() {
      return wireName;
    }
  }

  public IssuerKey {
    if (shownAt.isPresent() && state != State.PUBLISHED) {
      throw new IllegalArgumentException("only a key that does not sign yet waits to be shown");
    }
    if (endsAt.isPresent() != (state == State.RETIRED)) {
      throw new IllegalArgumentException("a retired key, and only that, has an end");
    }
  }

  /** A new key in one of the first two states. */
  public static IssuerKey made(String kid, State state, Instant now) {
    return new IssuerKey(kid, state, now, Optional.empty(), Optional.empty());
  }

  /** The key after somebody looked whether the address that providers read shows it. */
  public IssuerKey seen(boolean shown, Instant now) {
    if (state != State.PUBLISHED || shown == shownAt.isPresent()) {
      return this;
    }
    return new IssuerKey(
        kid, state, createdAt, shown ? Optional.of(now) : Optional.empty(), Optional.empty());
  }

  /** When the key may begin to sign; empty if it is not known yet, or signs or has signed. */
  public Optional<Instant> signsFrom() {
    return shownAt.map(at -> at.plus(SHOWN_BEFORE));
  }

  /** Whether providers have been able to read the key for long enough. */
  public boolean maySign(Instant now) {
    return signsFrom().filter(from -> !now.isBefore(from)).isPresent();
  }

  /** The key as the one that signs. */
  public IssuerKey signing() {
    return new IssuerKey(kid, State.SIGNING, createdAt, Optional.empty(), Optional.empty());
  }

  /** The key after its last signature. */
  public IssuerKey retired(Instant now) {
    return new IssuerKey(
        kid, State.RETIRED, createdAt, Optional.empty(), Optional.of(now.plus(SHOWN_AFTER)));
  }

  /** Whether the key set has the key. */
  public boolean isPublished(Instant now) {
    return endsAt.isEmpty() || now.isBefore(endsAt.get());
  }
}
