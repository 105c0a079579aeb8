package io.claviger.application.accounts;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Ends every credential that lets somebody act as a certain user. Every recovery and every
 * suspension uses this class, so that no kind of credential is forgotten.
 */
public final class Lockout {
  /** The reason that the audit trail states if a recovery has ended a waiting change. */
  static final List<String> RECOVERY = List.of("recovery");

  private final CredentialStore credentials;
  private final UserKeyStore userKeys;

  public Lockout(CredentialStore credentials, UserKeyStore userKeys) {
    this.credentials = credentials;
    this.userKeys = userKeys;
  }

  /**
   * Whether the user has ever had a credential. Giving such a user a new credential counts as a
   * recovery, because the person who gets the credential might be another person than before.
   */
  public boolean isRecovery(User user) {
    return credentials.everHadAny(user.id());
  }

  /**
   * Recovers a user if {@link #isRecovery} returns true. The caller must have locked the user in
   * this transaction. Call this method when somebody gets access as the user.
   *
   * @return the credentials that have ended; empty if this is not a recovery
   */
  public Optional<EndedCredentials> recoverIfHadAccess(User user, Instant now, ChangeLog log) {
    return isRecovery(user) ? Optional.of(recover(user, now, log)) : Optional.empty();
  }

  /**
   * Ends all credentials of a user, and deletes the keys that the user stored for services, because
   * the person who acts as the user from now on might be another person than before. The caller
   * must have locked the user in this transaction.
   */
  public EndedCredentials recover(User user, Instant now, ChangeLog log) {
    EndedCredentials ended = end(user, now);
    ended
        .identityIssuer()
        .ifPresent(
            issuer ->
                log.recordChange(
                    AuditAction.IDENTITY_UNLINK,
                    AuditTargets.user(user.id(), user.handle()),
                    List.of(issuer)));
    if (ended.administratorByGroup()) {
      log.recordChange(
          AuditAction.USER_UPDATE,
          AuditTargets.user(user.id(), user.handle()),
          List.of("administrator"));
    }
    ended
        .changes()
        .forEach(
            change ->
                log.recordChange(
                    AuditAction.APPROVAL_LAPSE,
                    AuditTargets.approval(change.id(), change.service(), change.owner()),
                    RECOVERY));
    return ended;
  }

  /**
   * Does the same as {@link #recover}, for a user without an identity. The caller has to record
   * which credentials and changes ended.
   */
  EndedCredentials end(User user, Instant now) {
    return credentials.endAll(user.id(), now).withApiKeys(userKeys.deleteAllOf(user.id()));
  }

  /**
   * Ends those credentials of a user that would still work during a suspension. The caller must
   * have locked the user in this transaction.
   */
  public EndedCredentials suspend(User user) {
    return credentials.endForSuspension(user.id());
  }

  /**
   * Until the transaction ends, locks the credential that an actor presents. The lock prevents
   * anybody from creating anything with a credential that a recovery or a suspension has ended.
   *
   * @throws RefusedException when the credential was ended after the actor presented it, or the
   *     actor was suspended or is no longer an administrator
   */
  public void demandPresented(Actor actor) {
    demandPresented(actor, credentials);
  }

  /**
   * Locks the credential that an actor presents, for a transaction that ends no other credentials.
   *
   * @throws RefusedException when the credential was ended after the actor presented it, or the
   *     actor was suspended or is no longer an administrator
   */
  public static void demandPresented(Actor actor, CredentialStore credentials) {
    actor.demandHeld(credentials);
  }
}
