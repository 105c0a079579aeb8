package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.TokenText;

/**
 * Finds out who presents an access token. What has not the shape of one is rejected without asking
 * the database. Rejections are on record, at most one event a minute for each address.
 */
public interface Authenticate {
  /**
   * @param address the caller's
   */
  Outcome authenticate(TokenText token, String address, String requestId);

  /**
   * Who it is, or that the token is unknown, malformed, expired or revoked: these are not told
   * apart.
   */
  sealed interface Outcome {
    record Authenticated(Actor actor) implements Outcome {}

    record Rejected() implements Outcome {}
  }
}
