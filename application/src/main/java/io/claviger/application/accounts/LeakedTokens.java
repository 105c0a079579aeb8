package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.AccessTokenStore.Presented;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.audit.AuditAction;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Ends access tokens that leaked, together with their narrower tokens. The audit trail informs the
 * token's user.
 */
public final class LeakedTokens {
  private final AccessTokenStore tokens;
  private final AuditedChanges changes;

  public LeakedTokens(AccessTokenStore tokens, AuditedChanges changes) {
    this.tokens = tokens;
    this.changes = changes;
  }

  /**
   * Ends the reported token. If there is no such token, or if another transaction has just ended
   * the token, this method changes and records nothing.
   *
   * @param reported a function that finds the token, or nothing if the token is no longer valid; it
   *     is called within the transaction
   * @param address the address from which the leak is reported
   * @throws RefusedException if other transactions kept changing the token, so that it was not
   *     ended; the report has to be sent again
   */
  public void end(Supplier<Optional<Presented>> reported, String address, String requestId) {
    boolean unused =
        changes
            .changeFrom(
                address,
                requestId,
                AuditAction.TOKEN_LEAKED,
                AuditTargets.unknownUser(),
                log -> {
                  Optional<Presented> found = reported.get();
                  if (found.isEmpty()) {
                    return false;
                  }
                  AccessToken token = found.get().token();
                  if (!tokens.delete(token.user(), token.id())) {
                    return false;
                  }
                  log.recordChange(
                      AuditAction.TOKEN_LEAKED,
                      AuditTargets.user(token.user(), found.get().user().handle()),
                      List.of(token.id().value().toString()));
                  return true;
                })
            .orThrow(RefusedException::new);
  }
}
