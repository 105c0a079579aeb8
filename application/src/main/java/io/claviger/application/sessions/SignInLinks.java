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

/** One-time links, by which the operator lets somebody sign in without an identity provider. */
public interface SignInLinks {
  /** How long a link can be used. */
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
   * Makes a link for a user, and records this in the audit trail. The operator calls this on the
   * machine of the node; users can't call it. Returns the secret part of the link. Refused as not
   * found when there is no such user, or when nobody can sign in as this user. Refused as forbidden
   * for a service account, and as a conflict with {@code local_sign_in_off} when the user is not
   * allowed to sign in locally.
   */
  Outcome<BrowserSecret> make(Handle user);

  /**
   * Returns the user for whom a link was made; empty if the link is unknown, already used, or too
   * old.
   */
  Optional<Handle> find(BrowserSecret secret);

  /**
   * Returns the user who signs in with a link. The link can be used for one session. If several
   * sessions start with the same link at the same time, only one of them succeeds.
   *
   * @return the user who signs in; empty if the link is unknown, already used, or too old
   */
  Optional<SignedIn> present(BrowserSecret secret);

  /** Removes the links that are too old. A periodic task calls this. */
  int removeExpired();
}
