package io.claviger.persistence.retention;

import io.claviger.application.retention.port.RetentionPolicyStore;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link RetentionPolicyStore} with the only row of the table {@code retention}. */
public final class JdbcRetentionPolicy implements RetentionPolicyStore {
  private final JdbcClient jdbc;

  public JdbcRetentionPolicy(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public StoredPolicy find() {
    return find("");
  }

  @Override
  public StoredPolicy lock() {
    return find("for update");
  }

  @Override
  public StoredPolicy hold() {
    return find("for share");
  }

  private StoredPolicy find(String lock) {
    return jdbc.sql("select usage_months, audit_months, version, updated_at from retention " + lock)
        .query(
            Row.mapper(
                row ->
                    new StoredPolicy(
                        new RetentionPolicy(
                            months(row, "usage_months"), months(row, "audit_months")),
                        row.bigNumber("version"),
                        row.instant("updated_at"))))
        .single();
  }

  private static Optional<RetentionMonths> months(Row row, String column) throws SQLException {
    return row.optionalNumber(column).map(RetentionMonths::new);
  }

  @Override
  public void update(StoredPolicy stored) {
    Database.updateOne(
        jdbc.sql(
                """
                update retention set usage_months = :usage, audit_months = :audit,
                  version = :version, updated_at = :updated_at
                """)
            .param("usage", stored.policy().usage().map(RetentionMonths::count).orElse(null))
            .param("audit", stored.policy().audit().map(RetentionMonths::count).orElse(null))
            .param("version", stored.version())
            .param("updated_at", Parameters.at(stored.updatedAt())));
  }
}
