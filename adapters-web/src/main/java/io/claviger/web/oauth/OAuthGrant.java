package io.claviger.web.oauth;

import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.web.server.Form;

/** Answers those token requests that have one particular grant type. */
interface OAuthGrant {
  /** Returns the {@code grant_type} of the requests that this grant answers. */
  String type();

  /**
   * Answers a request.
   *
   * @param form the fields of the request; unknown fields are ignored (RFC 6749, 3.2)
   * @throws OAuthException if the caller gets no token
   */
  TokenAnswer grant(Form form, CallerOrigin from, String requestId);
}
