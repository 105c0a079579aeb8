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
 * Issuers whose JWTs may be exchanged for access tokens of service accounts. Administrators write
 * these issuers. All users may read the list of these issuers, because users who are responsible
 * for a service account have to name an issuer in each trust.
 */
public interface TrustedIssuers {
  /**
   * @param people the issuer that people sign in with. That issuer is never a trusted issuer,
   *     because otherwise a person's token would act as a program
   * @param own the address at which this installation is an issuer. This address is never trusted
   *     as an issuer, because otherwise a program could use a statement about a service as its
   *     identity
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
   * Creates a trusted issuer or changes its address; administrators only. Access tokens that were
   * issued for JWTs of the former address are revoked. Refused as a conflict with {@code
   * issuer_taken} if another trusted issuer has this address.
   */
  Outcome<SavedIssuer> save(Actor actor, Handle name, Precondition precondition, Issuer issuer);

  /**
   * Deletes a trusted issuer; administrators only. Refused as a conflict with {@code in_use} while
   * a trust names the issuer.
   */
  Outcome<Handle> delete(Actor actor, Handle name, Precondition precondition);

  /** The result of a write. */
  record SavedIssuer(TrustedIssuer issuer, boolean created) {}
}
