package io.claviger.application.trusts.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import java.util.List;
import java.util.Optional;

public interface TrustedIssuerStore {
  Optional<TrustedIssuer> find(Handle name);

  /** Finds the trusted issuer with exactly this address. */
  Optional<TrustedIssuer> find(Issuer issuer);

  /** Finds a trusted issuer and locks it exclusively until the transaction ends. */
  Optional<TrustedIssuer> lock(Handle name);

  /** Lists trusted issuers by name. */
  List<TrustedIssuer> list(Optional<Handle> after, int limit);

  /**
   * Stores a new trusted issuer.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the issuer's name or address is
   *     taken
   */
  void insert(TrustedIssuer issuer);

  /**
   * Stores a trusted issuer's new address, and deletes the access tokens issued for JWTs of the
   * former address.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the address is taken
   */
  void update(TrustedIssuer issuer);

  /**
   * Deletes a trusted issuer.
   *
   * @throws io.claviger.application.shared.StillReferenced if a trust names the issuer
   */
  void delete(TrustedIssuer.Id issuer);
}
