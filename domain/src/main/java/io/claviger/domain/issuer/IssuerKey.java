package io.claviger.domain.issuer;

import io.claviger.domain.WireNamed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A key for signing statements that does not sign yet, signs now, or no longer signs. A key is
 * published as long as it is stored.
 *
 * @param kid the id of the public key
 * @param shownAt since when the published key set has contained the key without interruption;
 *     present only until the key begins to sign
 * @param endsAt when the key is removed from the published key set; present only for a retired key
 */
public record IssuerKey(
    String kid,
    State state,
    Instant createdAt,
    Optional<Instant> shownAt,
    Optional<Instant> endsAt) {
  /**
   * The time for which providers must be able to read a key before the key signs. Some providers
   * cache the key set for a day.
   */
  public static final Duration SHOWN_BEFORE = Duration.ofHours(24);

  /**
   * The time for which a key is published after its last signature: twice the lifetime of a
   * statement, in case a provider's clock is slow.
   */
  public static final Duration SHOWN_AFTER = Duration.ofMinutes(10);

  /**
   * The state of a key. At most one key is {@code published}, and at most one is {@code signing}.
   */
  public enum State implements WireNamed {
    PUBLISHED,
    SIGNING,
    RETIRED
  }

  public IssuerKey {
    if (shownAt.isPresent() && state != State.PUBLISHED) {
      throw new IllegalArgumentException("only a key that does not sign yet can have shownAt");
    }
    if (endsAt.isPresent() != (state == State.RETIRED)) {
      throw new IllegalArgumentException("retired keys, and no others, have endsAt");
    }
  }

  /** Creates a new key in one of the first two states. */
  public static IssuerKey made(String kid, State state, Instant now) {
    return new IssuerKey(kid, state, now, Optional.empty(), Optional.empty());
  }

  /** Returns the key with the result of a check: whether the published key set contains the key. */
  public IssuerKey seen(boolean shown, Instant now) {
    if (state != State.PUBLISHED || shown == shownAt.isPresent()) {
      return this;
    }
    return new IssuerKey(
        kid, state, createdAt, shown ? Optional.of(now) : Optional.empty(), Optional.empty());
  }

  /**
   * Returns when the key may begin to sign; empty if this is not known yet, or if the key already
   * signs or is retired.
   */
  public Optional<Instant> signsFrom() {
    return shownAt.map(at -> at.plus(SHOWN_BEFORE));
  }

  /** Whether providers have been able to read the key for long enough. */
  public boolean maySign(Instant now) {
    return signsFrom().filter(from -> !now.isBefore(from)).isPresent();
  }

  /** Returns this key as the signing key. */
  public IssuerKey signing() {
    return new IssuerKey(kid, State.SIGNING, createdAt, Optional.empty(), Optional.empty());
  }

  /** Returns this key as a retired key, which no longer signs. */
  public IssuerKey retired(Instant now) {
    return new IssuerKey(
        kid, State.RETIRED, createdAt, Optional.empty(), Optional.of(now.plus(SHOWN_AFTER)));
  }

  /** Whether the key set contains the key. */
  public boolean isPublished(Instant now) {
    return endsAt.isEmpty() || now.isBefore(endsAt.get());
  }
}
