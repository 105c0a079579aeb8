package io.claviger.application.shares;

import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Share;
import java.util.Optional;

/**
 * A share after it was given.
 *
 * @param created whether there was none before
 * @param changed whether it differs from what was there before
 * @param limitsBefore the limits that it had before, if there were any
 * @param pooledLimitsBefore the pooled limits of a group that it had before, if there were any
 */
public record GivenShare(
    Share share,
    boolean created,
    boolean changed,
    Optional<Limits> limitsBefore,
    Optional<Limits> pooledLimitsBefore) {
  /** A share that had no limits before. */
  public GivenShare(Share share, boolean created, boolean changed) {
    this(share, created, changed, Optional.empty(), Optional.empty());
  }
}
