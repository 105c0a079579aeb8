package io.claviger.application.trusts;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import java.util.Optional;

/**
 * Lists and writes trusted issuers. The JWTs of trusted issuers can be exchanged for access tokens
 * of service accounts. Only administrators write trusted issuers. All users can list these issuers,
 * because a user who is responsible for a service account has to name an issuer in each trust.
 */
public interface TrustedIssuers {
  /**
   * @param people the issuer with which people sign in. This issuer is never trusted, because a
   *     program could otherwise act with a person's token
   * @param own the address at which this installation is an issuer itself. This address is never
   *     trusted, because a program could otherwise use a statement about a service as its identity
   */
  static TrustedIssuers of(
      TrustedIssuerStore issuers,
      Optional<Issuer> people,
      Optional<Issuer> own,
      CredentialStore credentials,
      AuditedChanges changes) {
    return new TrustedIssuerUseCases(issuers, people, own, credentials, changes);
  }

  Outcome<TrustedIssuer> find(Actor actor, Handle name);

  /** Lists trusted issuers by name. */
  Outcome<Page<TrustedIssuer, Handle>> list(Actor actor, PageRequest<Handle> page);

  /**
   * Creates a trusted issuer or changes its address. Only administrators may call this method.
   * Access tokens that were issued for JWTs of the former address are revoked. If another trusted
   * issuer has the address, the answer is the conflict {@code issuer_taken}.
   */
  Outcome<SavedIssuer> save(Actor actor, Handle name, Precondition precondition, Issuer issuer);

  /**
   * Deletes a trusted issuer. Only administrators may call this method. While a trust names the
   * issuer, the answer is the conflict {@code in_use}.
   */
  Outcome<Handle> delete(Actor actor, Handle name, Precondition precondition);

  /** A trusted issuer after a write. */
  record SavedIssuer(TrustedIssuer issuer, boolean created) {}
}
