package io.claviger.application.definitions.port;

import io.claviger.application.definitions.Definitions.DefinitionFilter;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.DefinitionRef;
import java.util.List;
import java.util.Optional;

/** All definitions. */
public interface DefinitionStore {
  /**
   * A definition as a viewer meets it.
   *
   * @param shared whether it was shared with the viewer
   */
  record Seen(Definition definition, boolean shared) {
    public boolean isVisibleTo(Actor actor) {
      return DefinitionPermissions.maySee(definition, actor.id(), actor.administrator(), shared);
    }
  }

  Optional<Seen> find(DefinitionRef ref, UserId viewer);

  /** Finds a definition and locks it for changing until the transaction ends. */
  Optional<Seen> lock(DefinitionRef ref, UserId viewer);

  /**
   * Finds a definition and keeps it, and the viewer's share of it, as they are until the
   * transaction ends; others may do the same.
   */
  Optional<Seen> hold(DefinitionRef ref, UserId viewer);

  /**
   * Those a user can see, by owner and handle.
   *
   * @param all whether they see everybody's, as administrators do
   */
  List<Definition> visibleTo(
      UserId user, boolean all, DefinitionFilter filter, Optional<DefinitionRef> after, int limit);

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken
   */
  void insert(Definition definition);

  void update(Definition definition);

  /** Deletes it and takes the reference from the instances made from it. */
  void delete(DefinitionId id);
}
