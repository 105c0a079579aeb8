package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.shared.PrimaryAnswers;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;

/** Reads a presented access token and its user from a row. */
public final class TokenRows {
  /**
   * The columns of a token ({@code t}), of its user ({@code u}), and of the service ({@code r}) or
   * project ({@code q}) to which the token can be restricted.
   */
  public static final String COLUMNS =
      """
      %s, %s,
      u.id as u_id, u.handle as u_handle, u.administrator as u_administrator,
      u.suspended_at as u_suspended_at, u.sign_in_due_at as u_sign_in_due_at,
      u.responsible_id as u_responsible,
      """
              .formatted(AccountRows.TOKEN.as("t"), AccountRows.TOKEN_REFERENCES)
          + PrimaryAnswers.COLUMN
          + ",\n";

  private TokenRows() {}

  /**
   * @throws io.claviger.application.shared.StoreUnavailable if a read replica answered
   */
  public static <T> CallContext<T> context(Row row, Optional<T> target) throws SQLException {
    PrimaryAnswers.require(row);
    return new CallContext<>(AccountRows.token(row.part("t_")), caller(row.part("u_")), target);
  }

  private static TokenUser caller(Row row) throws SQLException {
    return new TokenUser(
        new User.Id(row.uuid("id")),
        new Handle(row.text("handle")),
        row.flag("administrator"),
        row.optionalInstant("suspended_at"),
        row.optionalInstant("sign_in_due_at"),
        row.optionalUuid("responsible"));
  }
}
