package io.claviger.application.instances;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.instances.out.InstanceUse;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.ModelCatalogue;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.keys.StoredSecrets;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.standards.out.ApiStandards;

/** Builds the use cases of instances from what they need. */
public record InstancesModule(
    FindInstances findInstances,
    WriteInstance writeInstance,
    DeleteInstance deleteInstance,
    ExplainKey explainKey) {

  public static InstancesModule of(
      Instances instances,
      InstanceUse use,
      ModelCatalogue catalogue,
      ApiStandards standards,
      Definitions definitions,
      Users users,
      UserKeys userKeys,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      Attempts attempts) {
    InstanceViews views =
        new InstanceViews(new KeyResolution(new StoredSecrets(sealer), deploymentKeys));
    return new InstancesModule(
        new FindInstancesService(instances, users, views, attempts),
        new WriteInstanceService(
            instances,
            userKeys,
            new Drafting(standards, definitions),
            new Deposits(sealer),
            views,
            ids,
            attempts),
        new DeleteInstanceService(instances, use, catalogue, attempts),
        new ExplainKeyService(instances, views, attempts));
  }
}
