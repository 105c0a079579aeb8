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

/** What the holder of an access token of any scope may do with it. */
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
   * Makes a token that may do less than the presented one, for a program that should have no more.
   * It has scope use. A wish that exceeds the presented token in any respect is invalid. It ends
   * with the presented token, and calls with it also count against that token's rate. A token has
   * at most {@link io.claviger.domain.accounts.Narrowing#MOST_LIVE} of them at a time, and these
   * have narrower ones in turn, up to {@link io.claviger.domain.accounts.Narrowing#LEVELS} levels.
   * The token from a node's environment can have none, since no token may outlive it.
   */
  Outcome<IssuedToken> narrow(Actor actor, NarrowerToken wanted);

  /**
   * Ends the presented token at once, with its narrower ones and its refresh token. Returns its id.
   */
  Outcome<AccessToken.Id> end(Actor actor);

  /**
   * A narrower token to create. Whatever is left out is taken from the presented token.
   *
   * @param service restricts the token to this service
   * @param project restricts the token to this project instead
   * @param expiresAt null for a token that ends only with the presented one
   * @param binding from where it is accepted
   */
  record NarrowerToken(
      TokenName name,
      Optional<Instance.Ref> service,
      Optional<Project.Ref> project,
      LimitsWrite limits,
      Field<Instant> expiresAt,
      TokenBinding binding) {}
}
