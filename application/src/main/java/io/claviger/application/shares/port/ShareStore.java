package io.claviger.application.shares.port;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

/**
 * Stores the shares of one kind of thing: at most one share for each pair of a thing and a user or
 * group.
 *
 * @param <I> the type of the id of the shared thing
 */
public interface ShareStore<I> {
  Optional<Share> find(I shared, GranteeId grantee);

  /** Finds a share, and locks the share for changing until the transaction ends. */
  Optional<Share> lock(I shared, GranteeId grantee);

  /** Lists the shares of a thing, ordered by the grantee's name. */
  default List<Share> listOf(I shared, Optional<GranteeName> after, int limit) {
    return listOf(shared, Optional.empty(), after, limit);
  }

  /**
   * Lists the shares of a thing, ordered by the grantee's name.
   *
   * @param text a part of the grantee's name
   */
  List<Share> listOf(I shared, Optional<SearchText> text, Optional<GranteeName> after, int limit);

  /**
   * Counts the shares of a thing.
   *
   * @param text a part of the grantee's name
   * @param most the number at which counting stops
   */
  int count(I shared, Optional<SearchText> text, int most);

  /**
   * Stores a new share.
   *
   * @param givenBy the user who gives the share
   * @throws io.claviger.application.shared.ConcurrencyConflict when the grantee already has a
   *     share, or when the thing, the grantee, or the share of the co-owner who gives this share no
   *     longer exists
   */
  void insert(I shared, Share share, User.Id givenBy);

  /** Replaces the terms, version and giver of an existing share. */
  void update(I shared, Share share, User.Id givenBy);

  /**
   * Deletes a share, and the shares that its holder gave on the basis of that share. Returns
   * whether the share existed.
   */
  boolean delete(I shared, GranteeId grantee);
}
