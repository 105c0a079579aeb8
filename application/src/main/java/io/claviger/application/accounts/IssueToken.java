package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.ProjectRef;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes an access token. Users make their own, none that may do more or lasts longer than the one
 * they present; calls with it count against the rate of that one, too. An administrator makes
 * another user's first one, or a recovery token, which revokes all others and deletes the keys that
 * the user stored for services.
 */
public interface IssueToken {
  Outcome issue(Actor actor, Handle user, Command command);

  /**
   * @param scope manage unless given; use where the token is restricted
   * @param service restricts the token to this service; the user must be able to see it
   * @param project restricts it to this project instead; not both
   * @param recovery an administrator takes over for somebody who lost theirs
   */
  record Command(
      TokenName name,
      Optional<TokenScope> scope,
      Optional<Instant> expiresAt,
      Optional<InstanceRef> service,
      Optional<ProjectRef> project,
      Limits limits,
      boolean recovery) {}

  /** The token with its text, which can't be shown again, or why not. */
  sealed interface Outcome {
    record Issued(AccessToken token, TokenText text) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
