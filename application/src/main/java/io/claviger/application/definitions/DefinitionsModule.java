package io.claviger.application.definitions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.definitions.DefinitionId;

/** Builds the use cases of definitions from what they need. */
public record DefinitionsModule(
    FindDefinitions findDefinitions,
    WriteDefinition writeDefinition,
    DeleteDefinition deleteDefinition,
    ShareDefinition shareDefinition) {

  public static DefinitionsModule of(
      DefinitionStore definitions,
      ShareStore<DefinitionId> shares,
      ApiStandardStore standards,
      UserStore users,
      Ids ids,
      AuditedChanges attempts) {
    return new DefinitionsModule(
        new FindDefinitionsService(definitions, users),
        new WriteDefinitionService(definitions, standards, ids, attempts),
        new DeleteDefinitionService(definitions, attempts),
        new ShareDefinitionService(definitions, shares, users, attempts));
  }
}
