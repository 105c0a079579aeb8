package io.claviger.application.accounts;

import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets the holder of an access token of any scope make narrower tokens and end the presented token.
 */
public interface OwnToken {
  static OwnToken of(
      UserStore users,
      AccessTokenStore tokens,
      RestrictionTargets targets,
      RandomBytes random,
      AuditedChanges changes) {
    return new OwnTokenUseCases(users, tokens, targets, new TokenGenerator(random), changes);
  }

  /**
   * Makes a narrower token: a token with fewer rights than the presented token, for a program that
   * needs only these rights. The new token has the scope {@code use}. When the presented token
   * ends, the new token ends too. Calls with the new token also count toward the presented token's
   * rate limits. A request for a token that would exceed the presented token in any respect is
   * invalid. A token has at most {@link io.claviger.domain.accounts.Narrowing#MOST_LIVE} narrower
   * tokens at a time. Narrower tokens can have narrower tokens in turn, up to {@link
   * io.claviger.domain.accounts.Narrowing#LEVELS} levels. The token from a node's environment can't
   * be narrowed, because no token may outlive it.
   */
  Outcome<IssuedToken> narrow(Actor actor, NarrowerToken wanted);

  /**
   * Ends the presented token immediately, with its narrower tokens and its refresh token. Returns
   * the id of the presented token.
   */
  Outcome<AccessToken.Id> end(Actor actor);

  /**
   * A narrower token to create. Absent parts are taken from the presented token.
   *
   * @param service the service to which the new token is restricted
   * @param project the project to which the new token is restricted instead of a service
   * @param expiresAt when the new token expires; null if it ends only when the presented token ends
   * @param binding the addresses and the certificate with which the new token is accepted
   */
  record NarrowerToken(
      TokenName name,
      Optional<Instance.Ref> service,
      Optional<Project.Ref> project,
      LimitsWrite limits,
      Field<Instant> expiresAt,
      TokenBinding binding) {}
}
