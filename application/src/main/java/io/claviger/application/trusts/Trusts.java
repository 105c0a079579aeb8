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
 * Trusts. A trust says which JWTs are exchanged for access tokens of a service account.
 * Administrators and the people who are responsible for the account read and write trusts. The
 * account itself can neither read nor write trusts.
 */
public interface Trusts {
  /** The greatest number of trusts that a service account may have. */
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
   * Creates a trust, or changes an existing trust. Access tokens that were issued under the former
   * terms are revoked. Refused as forbidden to an actor whose access token has limits or expires,
   * because the tokens that are issued under the trust would not inherit them. Refused as a
   * conflict with {@code quota_exceeded} if the account already has {@link #MOST} trusts.
   */
  Outcome<SavedTrust> save(
      Actor actor, Handle account, Handle name, Precondition precondition, TrustContent content);

  /**
   * Deletes a trust. The access tokens that were issued under the trust are revoked immediately.
   */
  Outcome<Handle> delete(Actor actor, Handle account, Handle name, Precondition precondition);

  /**
   * What to store.
   *
   * @param issuer the name of a trusted issuer
   */
  record TrustContent(Handle issuer, TrustTerms terms) {}

  /** The result of a write. */
  record SavedTrust(Trust trust, boolean created) {}
}
