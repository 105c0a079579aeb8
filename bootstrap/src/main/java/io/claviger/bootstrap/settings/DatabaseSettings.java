package io.claviger.bootstrap.settings;

import io.claviger.operator.DatabaseAddress;
import java.util.Optional;

/**
 * The settings of the database.
 *
 * @param given the operator's PostgreSQL; if empty, the embedded one is used
 * @param forMigrations the address with the schema owner's role, if the service's own role is not
 *     the owner
 * @param poolSize the greatest number of connections
 */
public record DatabaseSettings(
    Optional<DatabaseAddress> given, Optional<DatabaseAddress> forMigrations, int poolSize) {
  private static final String SERVICES = "DATABASE_URL";
  private static final String OWNERS = "CLAVIGER_MIGRATION_DATABASE_URL";
  private static final String EMBEDDED = "CLAVIGER_EMBEDDED_DATABASE";

  static DatabaseSettings read(Environment environment) {
    DatabaseSettings settings =
        new DatabaseSettings(
            address(environment, SERVICES),
            address(environment, OWNERS),
            (int) environment.number("CLAVIGER_DATABASE_POOL", 1, 1000, 10));
    if (isNamed(environment, OWNERS) && !isOperators(environment)) {
      environment.fault(OWNERS, "has no meaning without DATABASE_URL");
    }
    if (!environment.isOn(EMBEDDED) && !isOperators(environment)) {
      environment.fault(SERVICES, "is needed, because " + EMBEDDED + " is off");
    }
    return settings;
  }

  /** Whether the operator names a database, perhaps wrongly. Otherwise the embedded one is used. */
  static boolean isOperators(Environment environment) {
    return isNamed(environment, SERVICES);
  }

  private static boolean isNamed(Environment environment, String name) {
    return environment.text(name).isPresent() || environment.text(name + Variable.FILE).isPresent();
  }

  private static Optional<DatabaseAddress> address(Environment environment, String name) {
    try {
      return new SecretVariables(environment).textOrFileUnlessEmpty(name).map(DatabaseAddress::of);
    } catch (IllegalArgumentException e) {
      environment.fault(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
