package io.claviger.testkit;

import io.claviger.application.sharing.out.Shares;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.Tables.ShareKey;
import io.claviger.testkit.Tables.StoredShare;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@link Shares} in memory. */
public final class InMemoryShares implements Shares {
  private final InMemoryTransactions transactions;

  public InMemoryShares(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Share> find(InstanceId instance, UserId grantee) {
    return transactions.read(t -> t.share(instance, grantee));
  }

  @Override
  public Optional<Share> lock(InstanceId instance, UserId grantee) {
    return find(instance, grantee);
  }

  @Override
  public Optional<Share> hold(InstanceId instance, UserId grantee) {
    return find(instance, grantee);
  }

  @Override
  public List<Share> of(InstanceId instance, Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            of(t, instance)
                .filter(s -> after.isEmpty() || s.granteeHandle().compareTo(after.get()) > 0)
                .limit(limit)
                .toList());
  }

  @Override
  public List<Share> givenVia(InstanceId instance, UserId coOwner) {
    return transactions.read(
        t -> of(t, instance).filter(s -> s.givenVia().equals(Optional.of(coOwner))).toList());
  }

  @Override
  public void insert(InstanceId instance, Share share, UserId givenBy) {
    transactions.run(
        t -> {
          Instance shared = t.requireInstance(instance).instance();
          requireFitting(t, shared, share, givenBy);
          ShareKey key = new ShareKey(instance, share.grantee());
          if (t.shares.putIfAbsent(key, new StoredShare(share, Optional.of(givenBy))) != null) {
            throw Tables.taken("the share");
          }
        });
  }

  @Override
  public void update(InstanceId instance, Share share, UserId givenBy) {
    transactions.run(
        t -> {
          Instance shared = t.requireInstance(instance).instance();
          ShareKey key = new ShareKey(instance, share.grantee());
          StoredShare stored = t.shares.get(key);
          if (stored == null) {
            throw Tables.gone("the share");
          }
          requireFitting(t, shared, share, givenBy);
          t.shares.put(key, new StoredShare(changed(stored.share(), share), Optional.of(givenBy)));
        });
  }

  @Override
  public boolean delete(InstanceId instance, UserId grantee) {
    return transactions.change(t -> t.deleteShare(new ShareKey(instance, grantee)));
  }

  private static Stream<Share> of(Tables tables, InstanceId instance) {
    return tables.shares.entrySet().stream()
        .filter(e -> e.getKey().instance().equals(instance))
        .map(Map.Entry::getValue)
        .map(tables::joined)
        .sorted(Comparator.comparing(Share::granteeHandle));
  }

  private static void requireFitting(Tables tables, Instance instance, Share share, UserId giver) {
    tables.requireUser(share.grantee());
    tables.requireUser(giver);
    if (instance.isSystemLevel()
        || share.granteeHandle().isSystem()
        || instance.owner().equals(share.grantee())) {
      throw new IllegalStateException(
          "nothing of _system is shared, nothing with _system, and nothing with its owner");
    }
    share
        .givenVia()
        .ifPresent(
            via -> {
              if (via.equals(share.grantee()) || share.terms().role() == Role.OWNER) {
                throw new IllegalStateException("no co-owner gives ownership, or to themselves");
              }
              if (!tables.shares.containsKey(new ShareKey(instance.id(), via))) {
                throw Tables.gone("the share it is given by");
              }
            });
  }

  private static Share changed(Share stored, Share with) {
    return new Share(
        stored.grantee(),
        stored.granteeHandle(),
        with.terms(),
        Optional.empty(),
        with.givenVia(),
        with.version(),
        stored.createdAt());
  }
}
