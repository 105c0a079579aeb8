package io.claviger.application.instances;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.gateway.out.DeploymentKeys;
import io.claviger.application.instances.out.InstanceUse;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.standards.out.ApiStandards;

/** Builds the use cases of instances from what they need. */
public record InstancesModule(
    FindInstances findInstances, WriteInstance writeInstance, DeleteInstance deleteInstance) {

  public static InstancesModule of(
      Instances instances,
      InstanceUse use,
      ApiStandards standards,
      Definitions definitions,
      Users users,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      Ids ids,
      Attempts attempts) {
    InstanceViews views = new InstanceViews(deploymentKeys);
    return new InstancesModule(
        new FindInstancesService(instances, users, views, attempts),
        new WriteInstanceService(
            instances,
            new Drafting(standards, definitions),
            new Deposits(sealer),
            views,
            ids,
            attempts),
        new DeleteInstanceService(instances, use, attempts));
  }
}
