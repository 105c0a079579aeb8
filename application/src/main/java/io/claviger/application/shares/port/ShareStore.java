package io.claviger.application.shares.port;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

/**
 * Stores the shares of a certain kind of resource, at most one share for each resource and grantee.
 *
 * @param <I> the type of the shared resource's id
 */
public interface ShareStore<I> {
  Optional<Share> find(I shared, GranteeId grantee);

  /** Finds a share and locks it exclusively until the transaction ends. */
  Optional<Share> lock(I shared, GranteeId grantee);

  /** Lists the shares of a resource, ordered by the grantee's name. */
  default List<Share> listOf(I shared, Optional<GranteeName> after, int limit) {
    return listOf(shared, Optional.empty(), after, limit);
  }

  /**
   * Lists the shares of a resource, ordered by the grantee's name.
   *
   * @param text a text that the name of each listed share's grantee contains
   */
  List<Share> listOf(I shared, Optional<SearchText> text, Optional<GranteeName> after, int limit);

  /**
   * Counts the shares of a resource.
   *
   * @param text a text that the name of each counted share's grantee contains
   * @param most the number at which counting stops
   */
  int count(I shared, Optional<SearchText> text, int most);

  /**
   * Stores a new share.
   *
   * @param givenBy the user who gives the share
   * @throws io.claviger.application.shared.ConcurrencyConflict if the grantee already has a share,
   *     or if the resource, the grantee, or the giving co-owner's share no longer exists
   */
  void insert(I shared, Share share, User.Id givenBy);

  /** Replaces the terms, the version and the giver of a share. */
  void update(I shared, Share share, User.Id givenBy);

  /**
   * Deletes a share, and the shares that its holder was allowed to give because of this share.
   * Returns whether the share existed.
   */
  boolean delete(I shared, GranteeId grantee);
}
