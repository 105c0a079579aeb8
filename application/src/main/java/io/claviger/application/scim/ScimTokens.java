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
import io.claviger.domain.sessions.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Manages the tokens with which identity providers call {@code /scim/v2}. Administrators create and
 * end these tokens.
 */
public interface ScimTokens {
  /**
   * @param signIn the issuer with which people sign in; empty if this node has no identity provider
   */
  static ScimTokens of(
      ScimTokenStore tokens,
      CredentialStore credentials,
      RandomBytes random,
      RejectedTokens rejected,
      Optional<Issuer> signIn,
      AuditedChanges changes) {
    return new ScimTokenUseCases(tokens, credentials, random, rejected, signIn, changes);
  }

  /** A new token with its text. The text can't be shown again. */
  record CreatedScimToken(ScimToken token, TokenText text) {}

  /** The decision whether a token is accepted. */
  sealed interface Authentication {
    record Accepted(ScimToken token) implements Authentication {}

    /**
     * @param retryAfter the time that the caller must wait; present only after too many bad tokens
     *     from the same address
     */
    record Rejected(Optional<Duration> retryAfter) implements Authentication {}

    /** The token was made for an issuer with which people no longer sign in. */
    record OfFormerIssuer() implements Authentication {}
  }

  /** Lists all tokens, the oldest first, without their texts. */
  Outcome<List<ScimToken>> list(Actor actor);

  /**
   * Whether this node accepts a token. Tokens of a former identity provider stay in the list, but
   * are not accepted.
   */
  boolean accepts(ScimToken token);

  /**
   * Makes a token. The attempt is invalid if people sign in with another issuer. While an issuer
   * has a token, only people whom the issuer created by SCIM can sign in with this issuer. While
   * another issuer has a token, the answer is the conflict {@code other_scim_issuer}. If there are
   * already {@link ScimToken#MOST} tokens, the answer is the conflict {@code too_many_scim_tokens}.
   */
  Outcome<CreatedScimToken> create(Actor actor, TokenName name, Issuer issuer);

  /**
   * Makes a token in a session. In addition to the rules of the other method {@code create}, the
   * attempt is refused with {@code sign_in_again} unless the sign-in is recent ({@link
   * Session#mayHandOut}), because the token may change things.
   *
   * @param actor the user of the session
   */
  Outcome<CreatedScimToken> create(Actor actor, Session session, TokenName name, Issuer issuer);

  /**
   * Ends a token immediately. When an issuer's last token ends, SCIM is turned off. People can then
   * sign in without having been created by SCIM. Users whom SCIM has suspended stay suspended.
   */
  Outcome<ScimToken.Id> end(Actor actor, ScimToken.Id id);

  /**
   * Ends a leaked token, like {@link #end}. Anybody who has the token's text may call this method.
   * If no token has this text, nothing happens. The installation's webhook reports the leak.
   *
   * @param address the address of the caller who reports the leak
   * @throws io.claviger.application.shared.RefusedException if the token was not ended, because
   *     others kept changing it at the same time; report it again
   */
  void endLeaked(TokenText text, String address, String requestId);

  /**
   * Authenticates an identity provider. Rejections are recorded and counted together with
   * rejections of access tokens.
   *
   * @param address the caller's address
   */
  Authentication authenticate(TokenText text, String address, String requestId);
}
