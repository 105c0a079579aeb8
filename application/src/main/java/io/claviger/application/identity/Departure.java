package io.claviger.application.identity;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.LinkedIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Suspends users, and unlinks identities from users. All methods run in the caller's transaction.
 */
public final class Departure {
  private final UserStore users;
  private final IdentityStore identities;
  private final SyncedGroupStore groups;
  private final SessionStore sessions;
  private final Lockout lockout;

  public Departure(Identities.Stores stores) {
    this(stores, stores.lockout());
  }

  Departure(Identities.Stores stores, Lockout lockout) {
    this.users = stores.users();
    this.identities = stores.identities();
    this.groups = stores.groups();
    this.sessions = stores.sessions();
    this.lockout = lockout;
  }

  /**
   * Suspends a user, so that nobody can act as the user. The caller must have locked the user in
   * this transaction. Access tokens are refused until a sign-in ends the suspension. If SCIM
   * suspended the user, a sign-in does not end the suspension. Other users can still use the
   * services and other things that the user owns. If the user is an administrator because of a
   * group, the user loses the rights of an administrator. The next sign-in, or a change of the
   * group after the suspension, restores these rights. If the suspension did not remove these
   * rights, the tokens of a user who left the group during the suspension would still have these
   * rights afterwards.
   *
   * @param identity the user's identity, if any
   * @return the user as now stored
   */
  public User suspend(User user, Optional<LinkedIdentity> identity, Instant now, ChangeLog log) {
    identity.ifPresent(one -> forgetGrant(one, false));
    EndedCredentials ended = lockout.suspend(user);
    User suspended = user;
    if (!user.suspended()) {
      suspended = suspended.withSuspension(Optional.of(now), now);
      log.recordChange(
          AuditAction.USER_SUSPEND,
          AuditTargets.user(user.id(), user.handle()),
          Stream.concat(Stream.of("suspended"), ended.names().stream()).toList());
    }
    if (identity.filter(one -> administersBy(one, user)).isPresent()) {
      suspended = withoutAdministration(suspended, now, log);
    }
    if (!suspended.equals(user)) {
      users.update(suspended);
    }
    return suspended;
  }

  /**
   * Sets the time by which the user must sign in. This method is called when a suspension ended
   * without a sign-in. The suspension deleted the refresh token. So without a sign-in, the identity
   * provider would never be asked about the user again.
   *
   * @param identity the user's identity; a user without an identity does not need the identity
   *     provider
   */
  public void resumed(User user, Optional<LinkedIdentity> identity, Duration maxAge, Instant now) {
    if (identity.filter(one -> !one.offline()).isPresent()) {
      identities.setSignInDueUnlessSet(user.id(), now.plus(maxAge));
    }
  }

  private static boolean administersBy(LinkedIdentity identity, User user) {
    return identity.administersByGroup() && user.administrator();
  }

  private static User withoutAdministration(User user, Instant now, ChangeLog log) {
    log.recordChange(
        AuditAction.USER_UPDATE,
        AuditTargets.user(user.id(), user.handle()),
        List.of("administrator"));
    return user.withAdministrator(false, now);
  }

  /**
   * Ends the sessions that began with the identity. Once {@code maxAge} has passed since the last
   * sign-in, access tokens are refused until the next sign-in.
   */
  void endSessions(User user, LinkedIdentity identity, Duration maxAge, ChangeLog log) {
    demandSignIn(
        user, identity, identity.signedInAt().orElse(identity.linkedAt()).plus(maxAge), log);
  }

  /**
   * Ends the sessions that began with the identity. From the time {@code due} on, access tokens are
   * refused until the next sign-in.
   */
  void demandSignIn(User user, LinkedIdentity identity, Instant due, ChangeLog log) {
    forgetGrant(identity, identity.administersByGroup());
    identities.setSignInDue(user.id(), Optional.of(due));
    int ended = sessions.deleteOf(identity.identity());
    if (ended > 0) {
      log.recordChange(
          AuditAction.SESSION_END,
          AuditTargets.user(user.id(), user.handle()),
          List.of("identity_provider"));
    }
  }

  /**
   * Unlinks an identity at an administrator's request. The sessions, memberships and rights that
   * the user had because of the identity end. The user remains, and no longer needs the identity
   * provider.
   */
  void unlink(User user, LinkedIdentity identity, Instant now, ChangeLog log) {
    end(user, identity, now, log);
    identities.setSignInDue(user.id(), Optional.empty());
    identities.release(user.id());
  }

  /**
   * Unlinks an identity at its user's request. A user whom an administrator created keeps access
   * without an identity. If the first sign-in or SCIM created the user, the user's access tokens
   * are refused after {@code maxAge} until the next sign-in. If they were not refused, the tokens
   * would outlive the person's account at the identity provider.
   */
  void unlinkOwn(User user, LinkedIdentity identity, Duration maxAge, Instant now, ChangeLog log) {
    end(user, identity, now, log);
    if (!identity.userMadeByProvider()) {
      identities.setSignInDue(user.id(), Optional.empty());
    } else if (identity.offline()) {
      identities.setSignInDue(user.id(), Optional.of(now.plus(maxAge)));
    }
  }

  private void end(User user, LinkedIdentity identity, Instant now, ChangeLog log) {
    List<String> unused =
        groups.replaceMemberships(user.id(), identity.identity().issuer(), List.of(), now);
    boolean deleted = identities.delete(user.id());
    if (!deleted) {
      throw new IllegalStateException("a linked identity is missing, although its user is locked");
    }
    if (administersBy(identity, user)) {
      users.update(withoutAdministration(user, now, log));
    }
    log.recordChange(
        AuditAction.IDENTITY_UNLINK,
        AuditTargets.user(user.id(), user.handle()),
        List.of(identity.identity().issuer().value()));
  }

  private void forgetGrant(LinkedIdentity identity, boolean administersByGroup) {
    identities.update(
        new LinkedIdentity(
            identity.identity(),
            identity.user(),
            administersByGroup,
            false,
            identity.linkedAt(),
            identity.signedInAt(),
            identity.unfollowed(),
            false),
        Optional.empty());
  }
}
