package io.claviger.web.oauth;

import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.web.server.Form;

/** Answers the token requests of one grant type. */
public interface OAuthGrant {
  /** Returns the {@code grant_type} that it answers. */
  String type();

  /**
   * Answers a request.
   *
   * @param form the fields of the request; unknown ones are ignored (RFC 6749, 3.2)
   * @throws OAuthException when there is no token for the caller
   */
  TokenAnswer grant(Form form, CallerOrigin from, String requestId);
}
