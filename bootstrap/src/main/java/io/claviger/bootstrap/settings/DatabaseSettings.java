package io.claviger.bootstrap.settings;

import io.claviger.operator.DatabaseAddress;
import java.util.Optional;

/**
 * Which database.
 *
 * @param given the operator's PostgreSQL; without it the embedded one serves
 * @param forMigrations the schema owner's way in, where the service's own role is not the owner
 * @param poolSize connections at most
 */
public record DatabaseSettings(
    Optional<DatabaseAddress> given, Optional<DatabaseAddress> forMigrations, int poolSize) {

  static DatabaseSettings read(Environment environment) {
    DatabaseSettings settings =
        new DatabaseSettings(
            address(environment, "DATABASE_URL"),
            address(environment, "CLAVIGER_MIGRATION_DATABASE_URL"),
            (int) environment.number("CLAVIGER_DATABASE_POOL", 1, 1000, 10));
    if (environment.text("CLAVIGER_MIGRATION_DATABASE_URL").isPresent()
        && environment.text("DATABASE_URL").isEmpty()) {
      environment.fault("CLAVIGER_MIGRATION_DATABASE_URL", "has no meaning without DATABASE_URL");
    }
    return settings;
  }

  private static Optional<DatabaseAddress> address(Environment environment, String name) {
    try {
      return environment.text(name).map(DatabaseAddress::of);
    } catch (IllegalArgumentException e) {
      environment.fault(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
