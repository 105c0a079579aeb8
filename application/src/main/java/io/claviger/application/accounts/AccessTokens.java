package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.RecentTokens;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sessions.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Authenticates the holders of access tokens, and lists, makes and revokes tokens. */
public interface AccessTokens {
  static AccessTokens of(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      RestrictionTargets targets,
      RandomBytes random,
      TokenAcceptance acceptance,
      RecentTokens recent,
      RejectedTokens rejected,
      AuditedChanges changes) {
    return new AccessTokenUseCases(
        users,
        tokens,
        lockout,
        targets,
        new TokenGenerator(random),
        acceptance.withoutImported(),
        recent,
        rejected,
        changes);
  }

  /**
   * Authenticates the holder of an access token. Imported tokens are rejected: only the gateway
   * accepts them. A text without the form of a token is rejected without a database query.
   * Rejections are recorded. An address that caused too many rejections has to wait, but valid
   * tokens from that address are still accepted.
   *
   * <p>If a token is bound to addresses or a certificate, its use from another address or without
   * this certificate is refused and recorded.
   */
  Authentication authenticate(TokenText token, CallerOrigin from, String requestId);

  /** Authenticates the holder of a token for a request without a client certificate. */
  default Authentication authenticate(TokenText token, String address, String requestId) {
    return authenticate(token, new CallerOrigin(address), requestId);
  }

  /**
   * Authenticates the holder for a request that changes nothing. A token that another node revoked
   * is accepted for up to 50 ms after the revocation.
   */
  Authentication authenticateForReading(TokenText token, CallerOrigin from, String requestId);

  /**
   * Lists a user's access tokens, oldest first, without the texts of the tokens. Users list their
   * own tokens. Administrators list anybody's tokens, and people who are responsible for a service
   * account list the tokens of the account.
   */
  default Outcome<Page<AccessToken, TimeCursor>> list(
      Actor actor, Handle user, PageRequest<TimeCursor> page) {
    return list(actor, user, Optional.empty(), page);
  }

  /**
   * Lists a user's access tokens. If a service is given, lists only the tokens that are restricted
   * to this service.
   */
  Outcome<Page<AccessToken, TimeCursor>> list(
      Actor actor, Handle user, Optional<Instance.Ref> service, PageRequest<TimeCursor> page);

  /** Counts the entries that {@link #list} lists, up to {@link PageRequest#MOST_COUNTED}. */
  Outcome<Integer> count(Actor actor, Handle user, Optional<Instance.Ref> service);

  /**
   * Makes an access token. Users make their own tokens. The new token has at most the rights of the
   * presented token, and expires no later than the presented token. If the new token has an expiry,
   * the expiry must be in the future and not after the year 9999. Calls with the new token also
   * count toward the presented token's rate limits. An administrator makes the first token of
   * another user, or a recovery token for another user. A recovery token ends all of the user's
   * credentials and deletes the keys that the user stored for services. The same rules apply to the
   * tokens of a service account, which administrators and the users who are responsible for the
   * account make.
   */
  Outcome<IssuedToken> issue(Actor actor, Handle user, NewToken wanted);

  /**
   * Makes an access token in a session. In addition to the rules of the other method {@code issue},
   * a token that may change things is refused with {@code sign_in_again} unless the sign-in is
   * recent ({@link Session#mayHandOut}).
   *
   * @param actor the user of the session
   */
  Outcome<IssuedToken> issue(Actor actor, Session session, Handle user, NewToken wanted);

  /**
   * Revokes an access token immediately. Users revoke their own tokens. Administrators revoke
   * anybody's tokens, and people who are responsible for a service account revoke the tokens of the
   * account. Returns the id of the revoked token.
   */
  Outcome<AccessToken.Id> revoke(Actor actor, Handle user, AccessToken.Id token);

  /**
   * Ends a leaked access token and its narrower tokens immediately. Imported tokens are ended too.
   * An expired token of a device sign-in is ended too if it can still be refreshed, because its
   * refresh token might have leaked as well. Anybody who has the text of a token may report the
   * token as leaked. Nothing happens if there is no token with this text, or if the token is no
   * longer valid. The token's owner learns from the audit trail that the token leaked and was
   * ended.
   *
   * @param address the address from which the leak is reported
   * @throws io.claviger.application.shared.RefusedException if the token was not ended, because
   *     others kept changing it at the same time; report it again
   */
  void endLeaked(TokenText token, String address, String requestId);

  /**
   * The result of an authentication: the holder of the token, or a rejection. A rejection does not
   * say what is wrong with the token.
   */
  sealed interface Authentication {
    /**
     * The token is valid.
     *
     * @param responsible the user or group who is responsible for the actor; empty if the actor is
     *     a person
     */
    record Authenticated(Actor actor, Optional<Responsible> responsible)
        implements Authentication {}

    /** The token is valid, but Claviger refuses it or all tokens of its user. */
    record Barred(TokenBar why) implements Authentication {}

    /**
     * The token is rejected.
     *
     * @param retryAfter after too many rejections, the time for which the caller has to wait before
     *     presenting another token; otherwise empty
     */
    record Rejected(Optional<Duration> retryAfter) implements Authentication {}
  }

  /**
   * An access token to create.
   *
   * @param scope the scope of the token: {@code manage} by default, {@code use} if the token is
   *     restricted
   * @param service the service to which the token is restricted; the user must see this service; if
   *     empty, the token is not restricted to a service
   * @param project the project to which the token is restricted instead of a service; if empty, the
   *     token is not restricted to a project
   * @param recovery whether an administrator replaces tokens that the user has lost
   * @param binding the addresses and the certificate with which the token is accepted; by default,
   *     those of the presented token
   * @param kept whether the token's text never leaves this process, so that the token needs no
   *     binding even if the presented token is bound
   */
  record NewToken(
      TokenName name,
      Optional<TokenScope> scope,
      Optional<Instant> expiresAt,
      Optional<Instance.Ref> service,
      Optional<Project.Ref> project,
      Limits limits,
      boolean recovery,
      TokenBinding binding,
      boolean kept) {
    /** Describes a token with the same binding as the presented token. */
    public NewToken(
        TokenName name,
        Optional<TokenScope> scope,
        Optional<Instant> expiresAt,
        Optional<Instance.Ref> service,
        Optional<Project.Ref> project,
        Limits limits,
        boolean recovery) {
      this(name, scope, expiresAt, service, project, limits, recovery, TokenBinding.NONE, false);
    }
  }

  /**
   * A new token with its text. The text can't be shown again.
   *
   * @param ended the credentials that the new recovery token ended; empty if the new token is no
   *     recovery token
   */
  record IssuedToken(AccessToken token, TokenText text, Optional<EndedCredentials> ended) {
    /** An issued token that is not a recovery token and therefore ended no credentials. */
    public IssuedToken(AccessToken token, TokenText text) {
      this(token, text, Optional.empty());
    }
  }
}
