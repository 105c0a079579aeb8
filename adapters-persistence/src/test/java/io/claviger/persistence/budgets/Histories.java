package io.claviger.persistence.budgets;

import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.SQLException;

/** What random histories are played with. */
final class Histories {
  private Histories() {}

  static TestDatabase database() {
    return PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
  }

  static BudgetSimulation simulation(TestDatabase database) throws SQLException {
    return new BudgetSimulation(BudgetSimulation.oneConnectionOf(database.dataSource()));
  }
}
