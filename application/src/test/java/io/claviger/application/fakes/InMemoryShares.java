package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredShare;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link InstanceShareStore} in memory. */
public final class InMemoryShares extends InMemoryShareStore<Instance.Id>
    implements InstanceShareStore {
  private final Map<String, Imaged> images = new ConcurrentHashMap<>();

  public InMemoryShares(InMemoryTransactions transactions) {
    super(transactions);
  }

  @Override
  public void lockOpened(Instance.Ref service, GranteeName holder) {}

  @Override
  public void lockOpenedSince(Instance.Id service, GranteeId holder) {}

  @Override
  public Optional<Share> hold(Instance.Id instance, GranteeId grantee) {
    return find(instance, grantee);
  }

  @Override
  public Optional<GroupShare> holdByGroup(Instance.Id instance, User.Id user, Instant now) {
    return transactions.read(
        t -> HeldShares.of(Optional.empty(), t.byGroups(instance, user), now).byGroup());
  }

  @Override
  public String image(Instance.Id instance, GranteeId grantee, Optional<BorrowRequest.Id> answers) {
    String name = Integer.toString(images.size());
    images.put(name, new Imaged(find(instance, grantee).orElseThrow(), answers));
    return name;
  }

  @Override
  public Imaged ofImage(String image) {
    return images.get(image);
  }

  @Override
  public List<Share> givenVia(Instance.Id instance, User.Id coOwner) {
    return transactions.read(
        t -> listOf(t, instance).filter(s -> s.givenVia().equals(Optional.of(coOwner))).toList());
  }

  @Override
  Map<ShareKey<Instance.Id>, StoredShare> rows(Tables tables) {
    return tables.shares;
  }

  @Override
  boolean end(Tables tables, ShareKey<Instance.Id> key) {
    return tables.cascades.deleteShare(key);
  }

  @Override
  Share fitting(Tables tables, Instance.Id id, Share share) {
    Instance instance = tables.requireInstance(id).instance();
    Tables.requireOthers(instance.owner(), share);
    if (instance.audience() == Audience.EVERYBODY) {
      throw Tables.gone("the instance that is not for everybody");
    }
    if (instance.isSystemLevel() && share.terms().role() == Role.OWNER) {
      throw new IllegalStateException("_system has no co-owners");
    }
    share
        .givenVia()
        .ifPresent(
            via -> {
              if (via.equals(share.grantee().id()) || share.terms().role() == Role.OWNER) {
                throw new IllegalStateException("no co-owner gives ownership, or to themselves");
              }
              if (!tables.shares.containsKey(new ShareKey<>(id, via))) {
                throw Tables.gone("the share it is given by");
              }
            });
    if (!share.terms().toEverybody()) {
      tables.cascades.closeProjects(id, share.grantee().id());
    }
    return share;
  }
}
