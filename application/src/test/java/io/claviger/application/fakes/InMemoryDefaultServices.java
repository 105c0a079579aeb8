package io.claviger.application.fakes;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/** {@link DefaultServiceStore} in memory. */
public final class InMemoryDefaultServices implements DefaultServiceStore {
  private final InMemoryTransactions transactions;

  public InMemoryDefaultServices(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Choices choicesFor(User.Id user, Instant now) {
    return transactions.read(
        t -> new Choices(choice(t, user, user, now), choice(t, User.Id.SYSTEM, user, now)));
  }

  @Override
  public boolean choose(User.Id user, Instance.Id instance) {
    return transactions.change(
        t -> {
          boolean systemLevel = t.requireInstance(instance).instance().isSystemLevel();
          t.requireUser(user);
          if (user.equals(User.Id.SYSTEM) && !systemLevel) {
            throw Tables.gone("the system-level instance");
          }
          return t.defaults.put(user, instance) == null;
        });
  }

  @Override
  public boolean forget(User.Id user) {
    return transactions.change(t -> t.defaults.remove(user) != null);
  }

  private static Optional<InstanceStore.VisibleInstance> choice(
      Tables tables, User.Id chooser, User.Id viewer, Instant now) {
    return Optional.ofNullable(tables.defaults.get(chooser))
        .map(id -> InMemoryInstances.seen(tables, tables.requireInstance(id), viewer, now));
  }
}
