package io.claviger.application.sessions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sessions.BrowserSecret;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes and redeems one-time links, by which the operator lets a user sign in without an identity
 * provider.
 */
public interface SignInLinks {
  /** The time for which a one-time link is valid. */
  Duration LIFETIME = Duration.ofSeconds(60);

  static SignInLinks of(
      SignInLinkStore links,
      UserStore users,
      LocalSignIn local,
      RandomBytes random,
      AuditedChanges changes) {
    return new SignInLinkUseCases(links, users, local, random, changes);
  }

  /**
   * Makes a link for a user, and records in the audit trail that the link was made. Only the
   * operator can call this method, on the node's machine. Returns the secret part of the link. The
   * call is refused with {@code not_found} if there is no such user, or if nobody can sign in as
   * this user. The call is refused with {@code forbidden} for a service account. If the user may
   * not sign in locally, the answer is the conflict {@code local_sign_in_off}.
   */
  Outcome<BrowserSecret> make(Handle user);

  /**
   * Returns the user for whom a link was made; empty if the link is unknown, already used, or
   * expired.
   */
  Optional<Handle> find(BrowserSecret secret);

  /**
   * Returns the user who signs in with a link. The link can start only one session. Of several
   * attempts to start a session with a link at the same time, only one succeeds.
   *
   * @return the user who signs in; empty if the link is unknown, already used, or expired
   */
  Optional<SignedIn> present(BrowserSecret secret);

  /** Removes expired links. A periodic task calls this method. */
  int removeExpired();
}
