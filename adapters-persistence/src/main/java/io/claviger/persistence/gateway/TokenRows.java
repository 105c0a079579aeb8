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

/** Reads a presented access token and its user from the columns of a larger row. */
public final class TokenRows {
  /**
   * The columns of token {@code t}, user {@code u}, and the service {@code r} and project {@code q}
   * that the token may be restricted to.
   */
  public static final String COLUMNS =
      """
      t.id as t_id, t.user_id as t_user_id, t.name as t_name, t.scope as t_scope,
      t.origin as t_origin, t.service_id as t_service_id,
      r.owner_handle || '/' || r.handle as t_service_ref,
      t.project_id as t_project_id,
      q.owner_handle || '/' || q.handle as t_project_ref,
      t.limit_requests_per_minute as t_limit_requests_per_minute,
      t.limit_models as t_limit_models, t.limit_operations as t_limit_operations,
      t.limit_max_output_tokens as t_limit_max_output_tokens, t.limit_budgets as t_limit_budgets,
      t.inherited_from as t_inherited_from,
      t.inherited_per_minute as t_inherited_per_minute,
      t.inherited_budgets_from as t_inherited_budgets_from,
      t.inherited_budgets as t_inherited_budgets,
      t.created_at as t_created_at, t.expires_at as t_expires_at,
      t.last_used_at as t_last_used_at, t.parent_id as t_parent_id,
      t.refreshable_until as t_refreshable_until,
      t.trust_id as t_trust_id, t.presented_subject as t_presented_subject,
      u.id as u_id, u.handle as u_handle, u.administrator as u_administrator,
      u.suspended_at as u_suspended_at, u.sign_in_due_at as u_sign_in_due_at,
      """
          + PrimaryAnswers.COLUMN
          + ",\n";

  public static final String JOINS =
      """
      from access_tokens t
      join users u on u.id = t.user_id
      left join instances r on r.id = t.service_id
      left join projects q on q.id = t.project_id
      """;

  private TokenRows() {}

  /**
   * @throws io.claviger.application.shared.StoreUnavailable when a replica answered
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
        row.optionalInstant("sign_in_due_at"));
  }
}
