package io.claviger.bootstrap.settings;

import io.claviger.host.DatabaseAddress;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the database.
 *
 * @param given the operator's PostgreSQL database; if empty, the embedded database is used
 * @param forMigrations the address for connections with the role that owns the schema; empty if the
 *     service's own role is the owner
 * @param direct the address at which the database is reached without its connection pooler; empty
 *     if there is no such pooler
 * @param poolSize the maximum number of connections in the pool
 */
public record DatabaseSettings(
    Optional<DatabaseAddress> given,
    Optional<DatabaseAddress> forMigrations,
    Optional<DatabaseAddress> direct,
    int poolSize) {
  /** The variable with the database's address for the service. */
  public static final String SERVICES = "DATABASE_URL";

  /** The variable with the address for the role that owns the schema. */
  public static final String OWNERS = "CLAVIGER_MIGRATION_DATABASE_URL";

  /** The variable with the address that bypasses a connection pooler. */
  public static final String DIRECT = "CLAVIGER_DIRECT_DATABASE_URL";

  private static final String EMBEDDED = "CLAVIGER_EMBEDDED_DATABASE";

  static DatabaseSettings read(Environment environment) {
    DatabaseSettings settings =
        new DatabaseSettings(
            address(environment, SERVICES),
            address(environment, OWNERS),
            address(environment, DIRECT),
            (int) environment.number("CLAVIGER_DATABASE_POOL", 1, 1000, 10));
    for (String name : List.of(OWNERS, DIRECT)) {
      if (isNamed(environment, name) && !isOperators(environment)) {
        environment.fault(name, "has no meaning without DATABASE_URL");
      }
    }
    if (!environment.isOn(EMBEDDED) && !isOperators(environment)) {
      environment.fault(SERVICES, "is needed, because " + EMBEDDED + " is off");
    }
    return settings;
  }

  /**
   * Whether the operator has named a database, even with an invalid address. If the operator has
   * named none, Claviger uses the embedded database.
   */
  static boolean isOperators(Environment environment) {
    return isNamed(environment, SERVICES);
  }

  private static boolean isNamed(Environment environment, String name) {
    return environment.text(name).isPresent() || environment.text(name + Variable.FILE).isPresent();
  }

  private static Optional<DatabaseAddress> address(Environment environment, String name) {
    try {
      Optional<DatabaseAddress> address =
          new SecretVariables(environment).textOrFileUnlessEmpty(name).map(DatabaseAddress::of);
      if (address.filter(DatabaseAddress::allowsReplicas).isPresent()) {
        environment.fault(
            name,
            "allows replicas, whose answers are late: "
                + DatabaseAddress.SERVER_TYPE
                + " must be primary");
      }
      return address;
    } catch (IllegalArgumentException e) {
      environment.fault(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
