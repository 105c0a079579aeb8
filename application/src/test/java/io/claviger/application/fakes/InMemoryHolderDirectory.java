package io.claviger.application.fakes;

import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@link HolderDirectory} in memory. */
public final class InMemoryHolderDirectory implements HolderDirectory {
  private final InMemoryTransactions transactions;

  public InMemoryHolderDirectory(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Map<BudgetHolder, HolderNames> names(Collection<BudgetHolder> holders) {
    Map<BudgetHolder, HolderNames> names = new HashMap<>();
    transactions.run(t -> holders.forEach(holder -> names.put(holder, names(t, holder))));
    return names;
  }

  private static HolderNames names(Tables t, BudgetHolder holder) {
    Optional<Tables.StoredToken> token =
        holder.token().flatMap(id -> t.tokens.values().stream().filter(s -> is(s, id)).findFirst());
    return new HolderNames(
        holder
            .service()
            .flatMap(id -> Optional.ofNullable(t.instances.get(new Instance.Id(id))))
            .map(row -> row.instance().ref()),
        holder
            .group()
            .flatMap(id -> Optional.ofNullable(t.groups.get(new Group.Id(id))))
            .map(group -> group.handle()),
        holder
            .project()
            .flatMap(id -> Optional.ofNullable(t.projects.get(new Project.Id(id))))
            .map(Project::ref),
        holder
            .user()
            .map(User.Id::new)
            .or(() -> token.map(stored -> stored.token().user()))
            .flatMap(id -> handle(t, id)),
        token.map(stored -> stored.token().name().value()));
  }

  private static boolean is(Tables.StoredToken stored, UUID id) {
    return stored.token().id().value().equals(id);
  }

  private static Optional<Handle> handle(Tables t, User.Id id) {
    return t.users.values().stream()
        .filter(user -> user.id().equals(id))
        .map(User::handle)
        .findFirst();
  }
}
