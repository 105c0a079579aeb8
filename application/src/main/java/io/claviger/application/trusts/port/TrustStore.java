package io.claviger.application.trusts.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.Trust;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface TrustStore {
  Optional<Trust> find(User.Id account, Handle name);

  /** Lists the trusts of a service account by name. */
  List<Trust> list(User.Id account, Optional<Handle> after, int limit);

  /**
   * Finds the trusts of a service account that name this issuer; empty if there is no such account.
   * The search is a single database statement, whether or not the account exists.
   */
  List<Trust> naming(Issuer issuer, Handle account);

  /**
   * Finds a trust with its issuer, and prevents changes of the trust and of the issuer until the
   * transaction ends. Several transactions can have this lock on the same trust at the same time.
   */
  Optional<Trust> hold(Trust.Id trust);

  int count(User.Id account);

  /** Counts the unexpired access tokens of a service account that were issued for JWTs. */
  int countLiveTokens(User.Id account, Instant now);

  /**
   * Stores a new trust.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the name of the trust is taken,
   *     or when the issuer of the trust has been deleted
   */
  void insert(Trust trust);

  /**
   * Stores other terms of a trust, and deletes the access tokens that were issued under the former
   * terms.
   */
  void update(Trust trust);

  /** Deletes a trust with the access tokens that were issued under it. */
  void delete(Trust.Id trust);
}
