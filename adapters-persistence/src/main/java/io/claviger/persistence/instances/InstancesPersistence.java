package io.claviger.persistence.instances;

import io.claviger.application.instances.out.Instances;
import io.claviger.persistence.shared.Database;

/** Builds the port of instances. */
public final class InstancesPersistence {
  private InstancesPersistence() {}

  public static Instances instances(Database database) {
    return new JdbcInstances(database.jdbc(), new InstanceLists(database.lists()));
  }
}
