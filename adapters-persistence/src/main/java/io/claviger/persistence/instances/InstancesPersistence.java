package io.claviger.persistence.instances;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.persistence.shared.Database;

/** Builds the port of instances. */
public final class InstancesPersistence {
  private InstancesPersistence() {}

  public static InstanceStore instances(Database database) {
    return new JdbcInstances(database.jdbc(), new InstanceLists(database.lists()));
  }
}
