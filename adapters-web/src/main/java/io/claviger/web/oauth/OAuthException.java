package io.claviger.web.oauth;

/** Ends a request with an error of OAuth (RFC 6749, 5.2). */
public final class OAuthException extends RuntimeException {
  private final int status;
  private final String error;
  private final String description;

  /**
   * @param error a code of OAuth, such as {@code invalid_grant}
   * @param description tells the developer what to do; it never repeats a value of the request, and
   *     has no quotation marks or backslashes, which the standard does not allow
   */
  public OAuthException(String error, String description) {
    this(400, error, description);
  }

  OAuthException(int status, String error, String description) {
    super(error, null, false, false);
    this.status = status;
    this.error = error;
    this.description = description;
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
}
