package io.claviger.application.definitions;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.domain.definitions.DefinitionId;

/** Builds the use cases of definitions from what they need. */
public record DefinitionsModule(
    FindDefinitions findDefinitions,
    WriteDefinition writeDefinition,
    DeleteDefinition deleteDefinition,
    ShareDefinition shareDefinition) {

  public static DefinitionsModule of(
      Definitions definitions,
      SharesOf<DefinitionId> shares,
      ApiStandards standards,
      Users users,
      Ids ids,
      Attempts attempts) {
    return new DefinitionsModule(
        new FindDefinitionsService(definitions, users),
        new WriteDefinitionService(definitions, standards, ids, attempts),
        new DeleteDefinitionService(definitions, attempts),
        new ShareDefinitionService(definitions, shares, users, attempts));
  }
}
