package io.claviger.domain.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a device sign-in and its access token live.
 *
 * @param expiresAt the end of the access token, unless it is refreshed
 * @param refreshableUntil the end of the sign-in
 */
public record DeviceTokenLife(Instant expiresAt, Instant refreshableUntil) {
  public static final Duration ACCESS_TOKEN = Duration.ofHours(12);
  public static final Duration SIGN_IN = Duration.ofDays(30);

  /**
   * The life of a new sign-in.
   *
   * @param bound the latest end: the expiry of the token with which the sign-in was approved
   */
  public static DeviceTokenLife begun(Instant now, Optional<Instant> bound) {
    Instant longest = now.plus(SIGN_IN);
    return refreshed(now, bound.filter(longest::isAfter).orElse(longest));
  }

  /** The life after a refresh of a sign-in that ends at this time. */
  public static DeviceTokenLife refreshed(Instant now, Instant refreshableUntil) {
    Instant expiry = now.plus(ACCESS_TOKEN);
    return new DeviceTokenLife(
        expiry.isAfter(refreshableUntil) ? refreshableUntil : expiry, refreshableUntil);
  }
}
