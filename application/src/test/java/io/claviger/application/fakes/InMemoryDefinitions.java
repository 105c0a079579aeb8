package io.claviger.application.fakes;

import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionPermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link DefinitionStore} in memory. */
public final class InMemoryDefinitions implements DefinitionStore {
  private static final Comparator<Definition.Ref> BY_OWNER_AND_HANDLE =
      Comparator.comparing(Definition.Ref::owner).thenComparing(Definition.Ref::handle);

  private final InMemoryTransactions transactions;

  public InMemoryDefinitions(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<VisibleDefinition> find(Definition.Ref ref, User.Id viewer) {
    return transactions.read(
        t ->
            t.definitions.values().stream()
                .filter(d -> d.ref().equals(ref))
                .findFirst()
                .map(d -> new VisibleDefinition(d, t.seesByName(d.id(), viewer))));
  }

  @Override
  public Optional<VisibleDefinition> lock(Definition.Ref ref, User.Id viewer) {
    return find(ref, viewer);
  }

  @Override
  public Optional<VisibleDefinition> hold(Definition.Ref ref, User.Id viewer) {
    return find(ref, viewer);
  }

  @Override
  public List<Definition> visibleTo(
      User.Id user,
      boolean all,
      DefinitionFilter filter,
      Optional<Definition.Ref> after,
      int limit) {
    return transactions.read(
        t ->
            t.definitions.values().stream()
                .filter(d -> DefinitionPermissions.maySee(d, user, all, t.seesByName(d.id(), user)))
                .filter(
                    d -> filter.owner().isEmpty() || filter.owner().get().equals(d.ref().owner()))
                .filter(
                    d ->
                        filter.provider().isEmpty()
                            || filter.provider().get() == d.fields().provider())
                .filter(
                    d ->
                        filter.apiStandard().isEmpty()
                            || filter.apiStandard().get().equals(d.fields().apiStandard()))
                .filter(
                    d -> after.isEmpty() || BY_OWNER_AND_HANDLE.compare(d.ref(), after.get()) > 0)
                .sorted(Comparator.comparing(Definition::ref, BY_OWNER_AND_HANDLE))
                .limit(limit)
                .toList());
  }

  @Override
  public void insert(Definition definition) {
    transactions.run(
        t -> {
          Tables.requireUsualName(definition.ref().handle());
          t.requireUser(definition.owner());
          t.requireStandard(definition.fields().apiStandard());
          t.requireProvider(definition.fields().provider());
          boolean taken =
              t.definitions.values().stream().anyMatch(d -> d.ref().equals(definition.ref()));
          if (taken || t.definitions.containsKey(definition.id())) {
            throw Tables.taken("the handle");
          }
          t.definitions.put(definition.id(), definition);
        });
  }

  @Override
  public void update(Definition definition) {
    transactions.run(
        t -> {
          Object unused = t.requireDefinition(definition.id());
          t.requireStandard(definition.fields().apiStandard());
          t.requireProvider(definition.fields().provider());
          t.definitions.computeIfPresent(
              definition.id(), (id, stored) -> changed(stored, definition));
        });
  }

  @Override
  public void delete(Definition.Id id) {
    transactions.run(
        t -> {
          Object unused = t.requireDefinition(id);
          t.cascades.deleteDefinition(id);
        });
  }

  private static Definition changed(Definition stored, Definition with) {
    return new Definition(
        stored.id(),
        stored.owner(),
        stored.ref(),
        with.fields(),
        with.isPublic(),
        with.version(),
        stored.createdAt(),
        with.updatedAt(),
        with.appliedBy());
  }
}
