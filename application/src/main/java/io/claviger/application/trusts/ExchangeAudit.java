package io.claviger.application.trusts;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Optional;

/** Records exchanges of JWTs, with at most the subject of a JWT that was verified. */
final class ExchangeAudit {
  private final AuditedChanges changes;

  ExchangeAudit(AuditedChanges changes) {
    this.changes = changes;
  }

  /** A request for an access token of an account, and where it comes from. */
  record ExchangeRequest(Handle account, String address, String requestId) {}

  /** Records an exchange in the transaction that stores the token. */
  void recordExchange(ExchangeRequest attempt, User account, AccessToken token) {
    changes
        .trail()
        .record(
            new AuditEvent(
                changes.ids().next(),
                changes.now(),
                new AuditEvent.Source(
                    Optional.of(account.id()),
                    Optional.of(account.handle()),
                    Optional.of(token.id()),
                    Optional.empty(),
                    token.presentedSubject(),
                    attempt.address(),
                    attempt.requestId()),
                AuditAction.TOKEN_EXCHANGE,
                AuditTargets.user(account.id(), account.handle()),
                AuditOutcome.DONE,
                List.of("access_token"),
                List.of(),
                1,
                Optional.empty()));
  }

  /**
   * Records why a JWT was refused. The account is named only if it has a trust in the JWT's issuer;
   * otherwise anybody could fill the audit trail with names.
   *
   * @param account the id of such an account
   * @param subject the subject of a verified JWT
   */
  void recordRefusal(
      ExchangeRequest attempt, Optional<User.Id> account, Optional<String> subject, String reason) {
    AuditTarget target =
        account
            .map(id -> AuditTargets.user(id, attempt.account()))
            .orElseGet(AuditTargets::unknownUser);
    changes.recordRefusal(
        new AuditEvent(
            changes.ids().next(),
            changes.now(),
            new AuditEvent.Source(
                Optional.empty(),
                Optional.empty(),
                Optional.<AccessToken.Id>empty(),
                Optional.empty(),
                subject,
                attempt.address(),
                attempt.requestId()),
            AuditAction.TOKEN_EXCHANGE,
            target,
            AuditOutcome.REFUSED,
            List.of(reason),
            List.of(),
            1,
            Optional.empty()));
  }
}
