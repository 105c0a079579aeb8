package io.claviger.application.definitions.port;

import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.Provider;
import java.util.List;
import java.util.Optional;

public interface DefinitionStore {
  /**
   * A definition as a certain viewer sees it.
   *
   * @param shared whether the definition is shared with the viewer
   */
  record VisibleDefinition(Definition definition, boolean shared) {
    public boolean isVisibleTo(Actor actor) {
      return DefinitionPermissions.maySee(definition, actor.id(), actor.administrator(), shared);
    }
  }

  Optional<VisibleDefinition> find(Definition.Ref ref, User.Id viewer);

  /** Finds a definition and locks it for a change until the transaction ends. */
  Optional<VisibleDefinition> lock(Definition.Ref ref, User.Id viewer);

  /**
   * Finds a definition, and locks the definition and the viewer's share of it against changes until
   * the transaction ends. Several transactions can hold this lock on a definition at the same time.
   * If the viewer sees the definition without a share, no share is queried.
   */
  Optional<VisibleDefinition> hold(Definition.Ref ref, User.Id viewer);

  /**
   * Lists the definitions that a user can see, ordered by owner, then handle.
   *
   * @param all whether the user sees everybody's definitions, as administrators do
   */
  List<Definition> visibleTo(
      User.Id user,
      boolean all,
      DefinitionFilter filter,
      Optional<Definition.Ref> after,
      int limit);

  /**
   * Stores a new definition.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken
   */
  void insert(Definition definition);

  void update(Definition definition);

  /**
   * Deletes a definition. Instances that were made from the definition lose their references to it.
   */
  void delete(Definition.Id id);

  /** The filter of a list of definitions. An empty component does not restrict the list. */
  record DefinitionFilter(
      Optional<Provider> provider, Optional<Handle> apiStandard, Optional<Handle> owner) {}
}
