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
   * Finds the trusts of a service account that name the given issuer; empty if there is no such
   * account. The search is a single database statement, whether or not the account exists.
   */
  List<Trust> naming(Issuer issuer, Handle account);

  /**
   * Finds a trust with its issuer, and locks both against changes until the transaction ends.
   * Several transactions can hold this lock on the same trust at the same time.
   */
  Optional<Trust> hold(Trust.Id trust);

  int count(User.Id account);

  /** Counts a service account's unexpired access tokens from exchanges of JWTs. */
  int countLiveTokens(User.Id account, Instant now);

  /**
   * Stores a new trust.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the trust's name is taken, or if
   *     its issuer was deleted
   */
  void insert(Trust trust);

  /** Stores new terms of a trust, and deletes the access tokens issued under the former terms. */
  void update(Trust trust);

  /** Deletes a trust, together with the access tokens issued under it. */
  void delete(Trust.Id trust);
}
