package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredShare;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@link ShareStore} in memory: the part that all kinds of shares have in common.
 *
 * @param <I> what identifies the thing shared
 */
abstract class InMemoryShareStore<I> implements ShareStore<I> {
  final InMemoryTransactions transactions;

  InMemoryShareStore(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  abstract Map<ShareKey<I>, StoredShare> rows(Tables tables);

  /**
   * The share as it is stored.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when something that it refers to is
   *     gone
   * @throws IllegalStateException when there can be no such share
   */
  abstract Share fitting(Tables tables, I shared, Share share);

  /** Deletes a share and what depends on it. */
  boolean end(Tables tables, ShareKey<I> key) {
    return rows(tables).remove(key) != null;
  }

  @Override
  public final Optional<Share> find(I shared, GranteeId grantee) {
    return transactions.read(
        t -> Optional.ofNullable(rows(t).get(new ShareKey<>(shared, grantee))).map(t::joined));
  }

  @Override
  public final Optional<Share> lock(I shared, GranteeId grantee) {
    return find(shared, grantee);
  }

  @Override
  public final List<Share> listOf(
      I shared, Optional<SearchText> text, Optional<GranteeName> after, int limit) {
    return transactions.read(
        t ->
            containing(text, t, shared)
                .filter(s -> after.isEmpty() || s.grantee().name().compareTo(after.get()) > 0)
                .limit(limit)
                .toList());
  }

  @Override
  public final int count(I shared, Optional<SearchText> text, int most) {
    return transactions.read(t -> (int) containing(text, t, shared).limit(most).count());
  }

  private Stream<Share> containing(Optional<SearchText> text, Tables tables, I shared) {
    return listOf(tables, shared)
        .filter(s -> text.isEmpty() || text.get().isIn(s.grantee().name().toString()));
  }

  @Override
  public final void insert(I shared, Share share, User.Id givenBy) {
    transactions.run(
        t -> {
          StoredShare row = stored(t, shared, share, givenBy);
          if (rows(t).putIfAbsent(new ShareKey<>(shared, share.grantee().id()), row) != null) {
            throw Tables.taken("the share");
          }
        });
  }

  @Override
  public final void update(I shared, Share share, User.Id givenBy) {
    transactions.run(
        t -> {
          StoredShare row = stored(t, shared, share, givenBy);
          StoredShare before =
              rows(t)
                  .computeIfPresent(
                      new ShareKey<>(shared, share.grantee().id()),
                      (key, there) ->
                          new StoredShare(changed(there.share(), row.share()), row.givenBy()));
          if (before == null) {
            throw Tables.gone("the share");
          }
        });
  }

  @Override
  public final boolean delete(I shared, GranteeId grantee) {
    return transactions.change(t -> end(t, new ShareKey<>(shared, grantee)));
  }

  final Stream<Share> listOf(Tables tables, I shared) {
    return rows(tables).entrySet().stream()
        .filter(e -> e.getKey().shared().equals(shared))
        .map(Map.Entry::getValue)
        .map(tables::joined)
        .sorted(Comparator.comparing(share -> share.grantee().name()));
  }

  private StoredShare stored(Tables tables, I shared, Share share, User.Id givenBy) {
    Share kept = fitting(tables, shared, share);
    tables.requireGrantee(kept.grantee());
    tables.requireUser(givenBy);
    return new StoredShare(kept, Optional.of(givenBy));
  }

  private static Share changed(Share stored, Share with) {
    return new Share(
        stored.grantee(),
        with.terms(),
        Optional.empty(),
        with.givenVia(),
        with.version(),
        stored.createdAt(),
        with.appliedBy());
  }
}
