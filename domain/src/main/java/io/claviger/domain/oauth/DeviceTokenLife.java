package io.claviger.domain.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The lifetimes of a device sign-in and of its access token.
 *
 * @param expiresAt when the access token expires unless it is refreshed
 * @param refreshableUntil the end of the sign-in
 */
public record DeviceTokenLife(Instant expiresAt, Instant refreshableUntil) {
  public static final Duration ACCESS_TOKEN = Duration.ofHours(12);
  public static final Duration SIGN_IN = Duration.ofDays(30);

  /**
   * Returns the lifetimes for a new sign-in.
   *
   * @param bound the latest possible end of the sign-in: the expiry of the token with which the
   *     approving user signed in; empty if there is no such end
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
