package io.claviger.application.trusts;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;

/**
 * Lists and writes trusts. A trust determines which JWTs are exchanged for access tokens of a
 * service account. Administrators and the people responsible for the account can read and write
 * trusts. The account itself can't read or write trusts.
 */
public interface Trusts {
  /** The maximum number of trusts of a service account. */
  int MOST = 100;

  static Trusts of(
      UserStore users,
      TrustStore trusts,
      TrustedIssuerStore issuers,
      CredentialStore credentials,
      AuditedChanges changes) {
    return new TrustUseCases(new UserAccess(users), trusts, issuers, credentials, changes);
  }

  Outcome<Trust> find(Actor actor, Handle account, Handle name);

  /** Lists the trusts of a service account by name. */
  Outcome<Page<Trust, Handle>> list(Actor actor, Handle account, PageRequest<Handle> page);

  /**
   * Creates a trust, or changes an existing trust. Access tokens that were issued under the trust's
   * former terms are revoked. If the actor's access token has limits or expires, the answer is
   * {@code forbidden}, because tokens issued under the trust would not inherit the limits and the
   * expiry. If the account already has {@link #MOST} trusts, the answer is the conflict {@code
   * quota_exceeded}.
   */
  Outcome<SavedTrust> save(
      Actor actor, Handle account, Handle name, Precondition precondition, TrustContent content);

  /**
   * Deletes a trust. The access tokens that were issued under the trust are revoked immediately.
   */
  Outcome<Handle> delete(Actor actor, Handle account, Handle name, Precondition precondition);

  /**
   * The content of a trust.
   *
   * @param issuer the name of a trusted issuer
   */
  record TrustContent(Handle issuer, TrustTerms terms) {}

  /** A trust after a write. */
  record SavedTrust(Trust trust, boolean created) {}
}
