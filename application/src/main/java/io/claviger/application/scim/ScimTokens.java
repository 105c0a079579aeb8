package io.claviger.application.scim;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimToken;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tokens with which identity providers call {@code /scim/v2}. Administrators make and end these
 * tokens.
 */
public interface ScimTokens {
  static ScimTokens of(
      ScimTokenStore tokens,
      CredentialStore credentials,
      RandomBytes random,
      RejectedTokens rejected,
      AuditedChanges changes) {
    return new ScimTokenUseCases(tokens, credentials, random, rejected, changes);
  }

  /** A new token with its text. The text is shown only once. */
  record CreatedScimToken(ScimToken token, TokenText text) {}

  /** Whether a token was accepted. */
  sealed interface Authentication {
    record Accepted(ScimToken token) implements Authentication {}

    /**
     * @param retryAfter how long to wait, after too many bad tokens from the same address
     */
    record Rejected(Optional<Duration> retryAfter) implements Authentication {}
  }

  /** Lists all tokens, oldest first, without the texts of the tokens. */
  Outcome<List<ScimToken>> list(Actor actor);

  /**
   * Makes a token. Once an issuer has a token, only people whom it has created by SCIM can sign in
   * with this issuer. Refused as a conflict with {@code other_scim_issuer} while another issuer has
   * a token, and with {@code too_many_scim_tokens} if there are already {@link ScimToken#MOST}
   * tokens.
   */
  Outcome<CreatedScimToken> create(Actor actor, TokenName name, Issuer issuer);

  /**
   * Ends a token immediately. Ending the last token of an issuer turns SCIM off: from then on,
   * people can sign in with only their identity again. Users whom SCIM suspended stay suspended.
   */
  Outcome<ScimToken.Id> end(Actor actor, ScimToken.Id id);

  /**
   * Ends a leaked token, as {@link #end} does. Anybody who has the text of a token may end it in
   * this way. Nothing happens if the text belongs to no token. The installation's webhook reports
   * the leak.
   *
   * @param address the address from which the report comes
   */
  void endLeaked(TokenText text, String address, String requestId);

  /**
   * Authenticates an identity provider. Rejections are recorded and counted like rejections of
   * access tokens, and are added to the same counts.
   *
   * @param address the caller's address
   */
  Authentication authenticate(TokenText text, String address, String requestId);
}
