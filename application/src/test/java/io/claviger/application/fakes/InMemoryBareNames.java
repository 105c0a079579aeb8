package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/** {@link BareNameStore} in memory. */
public final class InMemoryBareNames implements BareNameStore {
  private final InMemoryTransactions transactions;

  public InMemoryBareNames(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public boolean accept(Instance.Id instance, User.Id user, Optional<Group.Id> group, Instant at) {
    return transactions.change(
        t -> {
          ShareKey<Instance.Id> key = new ShareKey<>(instance, user);
          GranteeId grantee = group.isPresent() ? group.get() : user;
          if (!t.shares.containsKey(new ShareKey<>(instance, grantee))) {
            throw Tables.gone("the share");
          }
          return t.bareNames.add(key);
        });
  }

  @Override
  public boolean isAccepted(Instance.Id instance, User.Id user) {
    return transactions.read(t -> t.bareNames.contains(new ShareKey<>(instance, user)));
  }

  @Override
  public boolean withdraw(Instance.Id instance, User.Id user) {
    return transactions.change(t -> t.bareNames.remove(new ShareKey<>(instance, user)));
  }
}
