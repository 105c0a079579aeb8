package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.policy.Limits;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.ShareRows;
import io.claviger.persistence.standards.StandardRows;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/**
 * Reads what a call goes to from rows: columns of the instance and the caller's key begin with
 * {@code i_}, of its API standard with {@code a_}, of the caller's share with {@code s_}, of the
 * share that it was given by with {@code v_}.
 */
final class CallContextRows {
  static final RowMapper<ServiceContext> TARGET = (rs, n) -> target(Row.of(rs));

  private CallContextRows() {}

  /** Of an outer join, where there is one. */
  static Optional<ServiceContext> optionalTarget(Row row) throws SQLException {
    return row.part("i_").has("id") ? Optional.of(target(row)) : Optional.empty();
  }

  private static ServiceContext target(Row row) throws SQLException {
    Row instance = row.part("i_");
    return new ServiceContext(
        InstanceRows.callable(instance),
        StandardRows.standard(row.part("a_")),
        ShareRows.optionalShare(row.part("s_")),
        InstanceRows.keys(instance),
        instance.optionalInstant("user_key_set_at"),
        giversLimits(row.part("v_")));
  }

  /** The limits of the share that another was given by, where there is one. */
  static Optional<Limits> giversLimits(Row row) throws SQLException {
    return row.has("grantee_id") ? Optional.of(Parameters.limits(row)) : Optional.empty();
  }
}
