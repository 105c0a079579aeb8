package io.claviger.application.definitions.out;

import io.claviger.application.definitions.FindDefinitions;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionRef;
import java.util.List;
import java.util.Optional;

/** All definitions. */
public interface Definitions {
  Optional<Definition> find(DefinitionRef ref);

  /** Finds a definition and locks it for changing until the transaction ends. */
  Optional<Definition> lock(DefinitionRef ref);

  /**
   * Finds a definition and keeps it as it is until the transaction ends; others may do the same.
   */
  Optional<Definition> hold(DefinitionRef ref);

  /**
   * Those a user can see, by owner and handle.
   *
   * @param all whether they see everybody's, as administrators do
   */
  List<Definition> visibleTo(
      UserId user,
      boolean all,
      FindDefinitions.Filter filter,
      Optional<DefinitionRef> after,
      int limit);

  /**
   * @throws io.claviger.application.shared.LostRace when the handle is taken
   */
  void insert(Definition definition);

  void update(Definition definition);

  /** Deletes it and takes the reference from the instances made from it. */
  void delete(DefinitionId id);
}
