package io.claviger.application.fakes;

import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.UserLimits;
import java.time.Instant;
import java.util.Comparator;

/** {@link AssignedLimitsStore} in memory. */
public final class InMemoryAssignedLimits implements AssignedLimitsStore {
  private final InMemoryTransactions transactions;

  public InMemoryAssignedLimits(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public StoredLimits find(User.Id user) {
    return transactions.read(t -> t.userLimits.getOrDefault(user, StoredLimits.NEVER));
  }

  @Override
  public UserLimits holdingFor(User.Id user) {
    return transactions.read(t -> of(t, user));
  }

  @Override
  public StoredLimits find(Group.Id group, boolean pooled) {
    return transactions.read(t -> limits(t, group, pooled));
  }

  @Override
  public void save(User.Id user, StoredLimits limits, Instant at) {
    transactions.run(
        t -> {
          t.requireUser(user);
          t.userLimits.put(user, limits);
        });
  }

  @Override
  public void save(Group.Id group, boolean pooled, StoredLimits limits, Instant at) {
    transactions.run(
        t -> {
          if (!t.groups.containsKey(group)) {
            throw Tables.gone("the group");
          }
          t.groupLimits.put(new Tables.GroupLimitsKey(group, pooled), limits);
        });
  }

  /** What was set for a user and the groups that the user is in. */
  static UserLimits of(Tables tables, User.Id user) {
    return new UserLimits(
        tables.userLimits.getOrDefault(user, StoredLimits.NEVER).limits(),
        tables.groupsOf(user).stream()
            .sorted(Comparator.comparing(group -> group.value().toString()))
            .map(
                group ->
                    new UserLimits.OfGroup(
                        group.value(),
                        limits(tables, group, false).limits(),
                        limits(tables, group, true).limits()))
            .filter(group -> !group.each().isNone() || !group.pooled().isNone())
            .toList());
  }

  private static StoredLimits limits(Tables tables, Group.Id group, boolean pooled) {
    return tables.groupLimits.getOrDefault(
        new Tables.GroupLimitsKey(group, pooled), StoredLimits.NEVER);
  }
}
