package io.claviger.application.instances;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.instances.port.InstanceReferences;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.standards.port.ApiStandardStore;

/** Builds the use cases of instances from what they need. */
public record InstancesModule(
    FindInstances findInstances,
    WriteInstance writeInstance,
    DeleteInstance deleteInstance,
    ExplainKey explainKey) {

  public static InstancesModule of(
      InstanceStore instances,
      InstanceReferences use,
      ModelCatalogue catalogue,
      ApiStandardStore standards,
      DefinitionStore definitions,
      UserStore users,
      UserKeyStore userKeys,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      AuditedChanges attempts) {
    InstanceViews views =
        new InstanceViews(new KeyDecisions(new SecretOpener(sealer), deploymentKeys));
    return new InstancesModule(
        new FindInstancesService(instances, users, views, attempts),
        new WriteInstanceService(
            instances,
            userKeys,
            new SettingsResolver(standards, definitions),
            new SecretUpdates(sealer),
            views,
            ids,
            attempts),
        new DeleteInstanceService(instances, use, catalogue, attempts),
        new ExplainKeyService(instances, views, attempts));
  }
}
