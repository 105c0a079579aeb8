package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.fakes.Tables.StoredShare;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.Map;

/** The shares of definitions, in memory. They have no terms. */
public final class InMemoryDefinitionShares extends InMemoryShareStore<Definition.Id> {
  public InMemoryDefinitionShares(InMemoryTransactions transactions) {
    super(transactions);
  }

  @Override
  Map<ShareKey<Definition.Id>, StoredShare> rows(Tables tables) {
    return tables.definitionShares;
  }

  @Override
  Share fitting(Tables tables, Definition.Id id, Share share) {
    Definition definition = tables.requireDefinition(id);
    Tables.requireOthers(definition.owner(), share);
    if (definition.isSystemLevel()) {
      throw new IllegalStateException("nothing of _system is shared");
    }
    return Tables.inRole(Role.READER, share);
  }
}
