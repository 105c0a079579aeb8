package io.claviger.application.shares.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

/**
 * The shares of things of one kind: at most one for each thing and user.
 *
 * @param <I> what identifies the thing shared
 */
public interface ShareStore<I> {
  Optional<Share> find(I shared, UserId grantee);

  /** Finds a share and locks it for changing until the transaction ends. */
  Optional<Share> lock(I shared, UserId grantee);

  /** By the grantee's handle. */
  List<Share> listOf(I shared, Optional<Handle> after, int limit);

  /**
   * @param givenBy who gives it
   * @throws io.claviger.application.shared.ConcurrencyConflict when there is one already, or the
   *     thing, the grantee or the share it is given by is gone
   */
  void insert(I shared, Share share, UserId givenBy);

  /** Replaces the terms, version and giver of a share that is there. */
  void update(I shared, Share share, UserId givenBy);

  /** Ends a share, and with it those given by its strength; says whether there was one. */
  boolean delete(I shared, UserId grantee);
}
