package io.claviger.web.oauth;

import io.claviger.application.oauth.DeviceGrants.Granting;
import io.claviger.application.oauth.DeviceGrants.Why;
import java.time.Duration;

final class DeviceAnswers {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private DeviceAnswers() {}

  static TokenAnswer of(Granting granting) {
    return switch (granting) {
      case Granting.Granted granted ->
          TokenAnswer.refreshable(
              granted.text().reveal(),
              Duration.between(granted.at(), granted.token().expiresAt().orElse(granted.at())),
              granted.refreshToken().reveal(),
              granted.token().scope());
      case Granting.Refused refused -> throw error(refused.why());
    };
  }

  private static OAuthException error(Why why) {
    return switch (why) {
      case AUTHORIZATION_PENDING ->
          new OAuthException("authorization_pending", "The user has not answered yet.");
      case SLOW_DOWN ->
          new OAuthException(
              "slow_down", "This poll came too soon. Wait five seconds longer between two polls.");
      case ACCESS_DENIED -> new OAuthException("access_denied", "The user has denied the sign-in.");
      case EXPIRED_TOKEN ->
          new OAuthException("expired_token", "Nobody approved the sign-in in time. Begin again.");
      case INVALID_GRANT ->
          new OAuthException(
              "invalid_grant",
              "The code or refresh token is unknown, has expired, was revoked, or was used before."
                  + " Begin again.");
      case TEMPORARILY_UNAVAILABLE ->
          OAuthException.passing(
              503,
              "temporarily_unavailable",
              "Other changes conflict with this request. Try again with the same code or refresh"
                  + " token.",
              PAUSE);
      case INVALID_SCOPE ->
          new OAuthException("invalid_scope", "The scope of a device sign-in never changes.");
      case TOKEN_BOUND ->
          new OAuthException(
              "token_bound",
              "This sign-in is bound to networks or to a certificate. Refresh it from one of these networks, or with this certificate.");
    };
  }
}
