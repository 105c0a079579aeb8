package io.claviger.domain.issuer;

import io.claviger.domain.WireNamed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A key for signing statements: one that is not used yet, that is used now, or that is no longer
 * used. A key is published as long as it is stored.
 *
 * @param kid the id of the public key
 * @param shownAt the time since which the published key set has contained the key without
 *     interruption; present only until the key is used
 * @param endsAt when the key is removed from the published key set; present only for a retired key
 */
public record IssuerKey(
    String kid,
    State state,
    Instant createdAt,
    Optional<Instant> shownAt,
    Optional<Instant> endsAt) {
  /**
   * The time for which providers must have been able to read a key before it is used. The time is a
   * day, because some providers cache the key set for a day.
   */
  public static final Duration SHOWN_BEFORE = Duration.ofHours(24);

  /**
   * The time for which a key stays published after its last use: twice the lifetime of a statement,
   * in case a provider's clock is slow.
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
      throw new IllegalArgumentException("only a key that does not sign yet may have shownAt");
    }
    if (endsAt.isPresent() != (state == State.RETIRED)) {
      throw new IllegalArgumentException("exactly the retired keys must have endsAt");
    }
  }

  /** Creates a new key that is either published or already signing. */
  public static IssuerKey made(String kid, State state, Instant now) {
    return new IssuerKey(kid, state, now, Optional.empty(), Optional.empty());
  }

  /**
   * Returns a copy of this key, updated after a check of whether the published key set contains the
   * key.
   */
  public IssuerKey seen(boolean shown, Instant now) {
    if (state != State.PUBLISHED || shown == shownAt.isPresent()) {
      return this;
    }
    return new IssuerKey(
        kid, state, createdAt, shown ? Optional.of(now) : Optional.empty(), Optional.empty());
  }

  /**
   * Returns the time from which the key may be used to sign; empty if this is not known yet, or if
   * the key is already used or is retired.
   */
  public Optional<Instant> signsFrom() {
    return shownAt.map(at -> at.plus(SHOWN_BEFORE));
  }

  /** Whether providers have been able to read the key for long enough. */
  public boolean maySign(Instant now) {
    return signsFrom().filter(from -> !now.isBefore(from)).isPresent();
  }

  /** Returns a copy of this key that is in the state {@code signing}. */
  public IssuerKey signing() {
    return new IssuerKey(kid, State.SIGNING, createdAt, Optional.empty(), Optional.empty());
  }

  /** Returns a copy of this key that is retired, and no longer used to sign. */
  public IssuerKey retired(Instant now) {
    return new IssuerKey(
        kid, State.RETIRED, createdAt, Optional.empty(), Optional.of(now.plus(SHOWN_AFTER)));
  }

  /** Whether the key set contains the key. */
  public boolean isPublished(Instant now) {
    return endsAt.isEmpty() || now.isBefore(endsAt.get());
  }
}
