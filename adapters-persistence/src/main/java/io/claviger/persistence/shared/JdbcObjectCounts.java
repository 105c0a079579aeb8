package io.claviger.persistence.shared;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.User;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link ObjectCounts}. Counts rows while the transaction holds an advisory lock for a
 * user and a kind of thing. The counting statement begins after the transaction has the lock. So
 * the statement sees everything that other transactions committed before.
 *
 * <p>If a user has few things, transactions that each add one thing for the user share the lock and
 * run concurrently. Concurrent transactions do not see each other's additions, but there can't be
 * more of these transactions than the server has connections. So "few" means that the quota still
 * has room for one more thing per connection of the server.
 */
public final class JdbcObjectCounts implements ObjectCounts {
  private final JdbcClient jdbc;

  public JdbcObjectCounts(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public int lockAndCount(User.Id user, CountedKind kind, int added, int most) {
    int bound =
        jdbc.sql(locking(kind))
            .param("kind", kind.name())
            .param("user", user.value())
            .param("added", added)
            .param("most", most)
            .query((rs, n) -> rs.getInt("bound"))
            .single();
    int count =
        jdbc.sql(statement(kind))
            .param("user", user.value())
            .param("most", most)
            .query(Integer.class)
            .single();
    if (count > bound) {
      throw ConcurrencyConflict.notSerializable("others added things between two counts");
    }
    return count;
  }

  /**
   * Returns the statement that takes the lock. The statement takes a shared or an exclusive lock,
   * and returns the largest count for which that lock is sufficient.
   */
  private static String locking(CountedKind kind) {
    return """
    with quota as materialized (
      select
        hashtextextended(
          concat_ws(' ', 'claviger quota', :kind, :user, current_schema()), 0) as key,
        :most - cast(current_setting('max_connections') as integer) as few),
    had as materialized (
      select key, few, :added = 1 and (%s) <= few as is_few from quota)
    select
      case when is_few then few else :most + 1 end as bound,
      case
        when is_few then cast(pg_advisory_xact_lock_shared(key) as text)
        else cast(pg_advisory_xact_lock(key) as text)
      end as locked
    from had
    """
        .formatted(statement(kind));
  }

  private static String statement(CountedKind kind) {
    return switch (kind) {
      case TOKEN ->
          """
          select count(*) from (
            select from access_tokens where user_id = :user limit :most + 1) counted
          """;
      case SERVICE ->
          """
          select count(*) from (
            select from instances where owner_id = :user limit :most + 1) counted
          """;
      case DEFINITION ->
          """
          select count(*) from (
            select from definitions where owner_id = :user limit :most + 1) counted
          """;
      case PROJECT ->
          """
          select count(*) from (
            select from projects where owner_id = :user limit :most + 1) counted
          """;
      case SHARE ->
          """
          select count(*) from (
            select 1 from shares where given_by = :user
            union all
            select 1 from definition_shares where given_by = :user
            union all
            select 1 from project_shares where given_by = :user
            limit :most + 1) counted
          """;
      case TRANSFER ->
          """
          select count(*) from (
            select from transfers
            where from_id = :user and state = 'offered' and expires_at > now()
            limit :most + 1) counted
          """;
      case USER_KEY ->
          """
          select count(*) from (
            select from user_keys where user_id = :user limit :most + 1) counted
          """;
    };
  }
}
