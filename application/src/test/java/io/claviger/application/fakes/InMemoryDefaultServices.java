package io.claviger.application.fakes;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/** {@link DefaultServiceStore} in memory. */
public final class InMemoryDefaultServices implements DefaultServiceStore {
  private final InMemoryTransactions transactions;

  public InMemoryDefaultServices(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Choices choicesFor(UserId user, Instant now) {
    return transactions.read(
        t -> new Choices(choice(t, user, user, now), choice(t, UserId.SYSTEM, user, now)));
  }

  @Override
  public boolean choose(UserId user, InstanceId instance) {
    return transactions.change(
        t -> {
          boolean systemLevel = t.requireInstance(instance).instance().isSystemLevel();
          t.requireUser(user);
          if (user.equals(UserId.SYSTEM) && !systemLevel) {
            throw Tables.gone("the system-level instance");
          }
          return t.defaults.put(user, instance) == null;
        });
  }

  @Override
  public boolean forget(UserId user) {
    return transactions.change(t -> t.defaults.remove(user) != null);
  }

  private static Optional<InstanceStore.VisibleInstance> choice(
      Tables tables, UserId chooser, UserId viewer, Instant now) {
    return Optional.ofNullable(tables.defaults.get(chooser))
        .map(id -> InMemoryInstances.seen(tables, tables.requireInstance(id), viewer, now));
  }
}
