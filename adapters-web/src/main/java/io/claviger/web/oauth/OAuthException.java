package io.claviger.web.oauth;

import java.time.Duration;
import java.util.Optional;

/** Ends a request with one of the errors that OAuth defines (RFC 6749, 5.2). */
final class OAuthException extends RuntimeException {
  private final int status;
  private final String error;
  private final String description;
  private final Optional<Duration> retryAfter;

  /**
   * @param error an error code of OAuth, such as {@code invalid_grant}
   * @param description a text that says what the developer should do. The description never repeats
   *     a value from the request. The description has no quotation marks or backslashes, because
   *     the standard does not permit these characters
   */
  public OAuthException(String error, String description) {
    this(400, error, description);
  }

  OAuthException(int status, String error, String description) {
    this(status, error, description, Optional.empty());
  }

  private OAuthException(
      int status, String error, String description, Optional<Duration> retryAfter) {
    super(error, null, false, false);
    this.status = status;
    this.error = error;
    this.description = description;
    this.retryAfter = retryAfter;
  }

  /** Returns an error for a temporary failure, after which the same request might succeed later. */
  static OAuthException passing(int status, String error, String description, Duration retryAfter) {
    return new OAuthException(status, error, description, Optional.of(retryAfter));
  }

  int status() {
    return status;
  }

  String error() {
    return error;
  }

  String description() {
    return description;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
