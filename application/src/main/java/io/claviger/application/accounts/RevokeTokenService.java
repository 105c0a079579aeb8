package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.util.List;

final class RevokeTokenService implements RevokeToken {
  private final UserStore users;
  private final AccessTokenStore tokens;
  private final AuditedChanges attempts;

  RevokeTokenService(UserStore users, AccessTokenStore tokens, AuditedChanges attempts) {
    this.users = users;
    this.tokens = tokens;
    this.attempts = attempts;
  }

  @Override
  public Outcome revoke(Actor actor, Handle handle, TokenId token) {
    return attempts.change(
        actor,
        AuditAction.TOKEN_DELETE,
        AuditTargets.user(handle),
        ledger -> {
          User user = UserAccess.visible(actor, handle, users::find);
          if (!tokens.delete(user.id(), token)) {
            throw RefusedException.notFound();
          }
          ledger.recordChange(
              AuditAction.TOKEN_DELETE,
              AuditTargets.user(user.id(), handle),
              List.of(token.value().toString()));
          return new Outcome.Revoked();
        },
        Outcome.Refused::new);
  }
}
