package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class CreateUserService implements CreateUser {
  private final UserStore users;
  private final AccessTokenStore tokens;
  private final TokenGenerator mint;
  private final Ids ids;
  private final AuditedChanges attempts;

  CreateUserService(
      UserStore users,
      AccessTokenStore tokens,
      TokenGenerator mint,
      Ids ids,
      AuditedChanges attempts) {
    this.users = users;
    this.tokens = tokens;
    this.mint = mint;
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome create(Actor actor, Command command) {
    return attempts.change(
        actor,
        AuditAction.USER_CREATE,
        AuditTargets.user(command.handle()),
        ledger -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators create users.");
          }
          return insert(actor, command, ledger);
        },
        Outcome.Refused::new);
  }

  private Outcome insert(Actor actor, Command command, ChangeLog ledger) {
    Instant now = attempts.now();
    User user =
        new User(
            new UserId(ids.next()),
            command.handle(),
            command.displayName().orElseGet(() -> new DisplayName(command.handle().value())),
            command.email(),
            command.administrator(),
            1,
            now,
            now);
    insert(user);
    TokenText text = mint.next();
    tokens.save(firstToken(actor, user, now), text.hash());
    ledger.recordChange(
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), user.handle()),
        List.of("handle", "display_name", "email", "administrator", "access_token"));
    return new Outcome.Created(user, text);
  }

  private void insert(User user) {
    try {
      users.insert(user);
    } catch (ConcurrencyConflict taken) {
      if (taken.how() != ConcurrencyConflict.How.TAKEN) {
        throw taken;
      }
      throw new RefusedException(
          new Refusal.Conflict("handle_taken", "There is a user with this handle already."));
    }
  }

  /**
   * Lasts no longer and may do no more than the token of who creates the user: none makes one that
   * does.
   */
  private AccessToken firstToken(Actor actor, User user, Instant now) {
    return new AccessToken(
        new TokenId(ids.next()),
        user.id(),
        new TokenName("first"),
        TokenScope.MANAGE,
        AccessToken.Origin.FIRST,
        Optional.empty(),
        actor.token().map(AccessToken::limits).orElse(Limits.NONE),
        InheritedRates.from(actor),
        now,
        actor.token().flatMap(AccessToken::expiresAt),
        Optional.empty());
  }
}
