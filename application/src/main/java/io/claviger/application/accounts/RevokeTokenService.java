package io.claviger.application.accounts;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Targets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.util.List;

final class RevokeTokenService implements RevokeToken {
  private final Users users;
  private final AccessTokens tokens;
  private final Attempts attempts;

  RevokeTokenService(Users users, AccessTokens tokens, Attempts attempts) {
    this.users = users;
    this.tokens = tokens;
    this.attempts = attempts;
  }

  @Override
  public Outcome revoke(Actor actor, Handle handle, TokenId token) {
    return attempts.change(
        actor,
        AuditAction.TOKEN_DELETE,
        Targets.user(handle),
        ledger -> {
          User user = UserAccess.visible(actor, handle, users::find);
          if (!tokens.delete(user.id(), token)) {
            throw RefusedException.notFound();
          }
          ledger.changed(
              AuditAction.TOKEN_DELETE,
              Targets.user(user.id(), handle),
              List.of(token.value().toString()));
          return new Outcome.Revoked();
        },
        Outcome.Refused::new);
  }
}
