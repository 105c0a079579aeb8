package io.claviger.domain.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The lifetimes of a device sign-in and of its access token.
 *
 * @param expiresAt the end of the access token if nobody refreshes it
 * @param refreshableUntil the end of the sign-in
 */
public record DeviceTokenLife(Instant expiresAt, Instant refreshableUntil) {
  public static final Duration ACCESS_TOKEN = Duration.ofHours(12);
  public static final Duration SIGN_IN = Duration.ofDays(30);

  /**
   * The lifetimes for a new sign-in.
   *
   * @param bound the latest possible end: the expiry of the token with which the approving user
   *     signed in; empty if there is none
   */
  public static DeviceTokenLife begun(Instant now, Optional<Instant> bound) {
    Instant longest = now.plus(SIGN_IN);
    return refreshed(now, bound.filter(longest::isAfter).orElse(longest));
  }

  /** Returns the lifetimes after a refresh, for a sign-in that ends at the given time. */
  public static DeviceTokenLife refreshed(Instant now, Instant refreshableUntil) {
    Instant expiry = now.plus(ACCESS_TOKEN);
    return new DeviceTokenLife(
        expiry.isAfter(refreshableUntil) ? refreshableUntil : expiry, refreshableUntil);
  }
}
