package io.claviger.persistence.shared;

import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.UserId;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@link ObjectCounts} by counting rows, under an advisory lock for each user and kind. The
 * counting statement begins after the lock is held, so that it sees what others have committed
 * before.
 */
public final class JdbcObjectCounts implements ObjectCounts {
  private final JdbcClient jdbc;

  public JdbcObjectCounts(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public int lockAndCount(UserId user, CountedKind kind, int enough) {
    String unused =
        jdbc.sql(
                """
                select pg_advisory_xact_lock(
                  hashtextextended(
                    concat_ws(' ', 'claviger quota', :kind, :user, current_schema()), 0))::text
                """)
            .param("kind", kind.name())
            .param("user", user.value().toString())
            .query(String.class)
            .single();
    return jdbc.sql(statement(kind))
        .param("user", user.value())
        .param("enough", enough)
        .query(Integer.class)
        .single();
  }

  private static String statement(CountedKind kind) {
    return switch (kind) {
      case TOKEN ->
          """
          select count(*) from (
            select from access_tokens where user_id = :user limit :enough) counted
          """;
      case SERVICE ->
          """
          select count(*) from (
            select from instances where owner_id = :user limit :enough) counted
          """;
      case DEFINITION ->
          """
          select count(*) from (
            select from definitions where owner_id = :user limit :enough) counted
          """;
      case PROJECT ->
          """
          select count(*) from (
            select from projects where owner_id = :user limit :enough) counted
          """;
      case SHARE ->
          """
          select count(*) from (
            select 1 from shares where given_by = :user
            union all
            select 1 from definition_shares where given_by = :user
            union all
            select 1 from project_shares where given_by = :user
            limit :enough) counted
          """;
      case TRANSFER ->
          """
          select count(*) from (
            select from transfers
            where from_id = :user and state = 'offered' and expires_at > now()
            limit :enough) counted
          """;
      case USER_KEY ->
          """
          select count(*) from (
            select from user_keys where user_id = :user limit :enough) counted
          """;
    };
  }
}
