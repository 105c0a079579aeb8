package io.claviger.persistence.sharing;

import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** {@link InstanceShareStore} in table {@code shares}. */
public final class JdbcShares implements InstanceShareStore {
  private static final RowMapper<Share> SHARE = (rs, n) -> ShareRows.given(Row.of(rs));

  private final JdbcClient jdbc;

  public JdbcShares(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Share> find(Instance.Id instance, GranteeId grantee) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, s.may_reshare, s.expires_at,
              s.limit_requests_per_minute, s.limit_models, s.limit_operations,
              s.limit_max_output_tokens, s.limit_budgets,
              s.pooled_limit_requests_per_minute, s.pooled_limit_models, s.pooled_limit_operations,
              s.pooled_limit_max_output_tokens, s.pooled_limit_budgets,
              g.handle as given_by, s.given_via, s.version, s.created_at, s.applied_by
            from shares s
            left join users g on g.id = s.given_by
            where s.instance_id = :instance and s.grantee_id = :grantee
            """)
        .param("instance", instance.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  @Override
  public Optional<Share> lock(Instance.Id instance, GranteeId grantee) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, s.may_reshare, s.expires_at,
              s.limit_requests_per_minute, s.limit_models, s.limit_operations,
              s.limit_max_output_tokens, s.limit_budgets,
              s.pooled_limit_requests_per_minute, s.pooled_limit_models, s.pooled_limit_operations,
              s.pooled_limit_max_output_tokens, s.pooled_limit_budgets,
              g.handle as given_by, s.given_via, s.version, s.created_at, s.applied_by
            from shares s
            left join users g on g.id = s.given_by
            where s.instance_id = :instance and s.grantee_id = :grantee
            for update of s
            """)
        .param("instance", instance.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  @Override
  public Optional<Share> hold(Instance.Id instance, GranteeId grantee) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, s.may_reshare, s.expires_at,
              s.limit_requests_per_minute, s.limit_models, s.limit_operations,
              s.limit_max_output_tokens, s.limit_budgets,
              s.pooled_limit_requests_per_minute, s.pooled_limit_models, s.pooled_limit_operations,
              s.pooled_limit_max_output_tokens, s.pooled_limit_budgets,
              g.handle as given_by, s.given_via, s.version, s.created_at, s.applied_by
            from shares s
            left join users g on g.id = s.given_by
            where s.instance_id = :instance and s.grantee_id = :grantee
            for share of s
            """)
        .param("instance", instance.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  /** A share that ends while this waits for its lock is passed over for the next one. */
  @Override
  public Optional<GroupShare> holdByGroup(Instance.Id instance, User.Id user, Instant now) {
    return jdbc.sql(
            """
            select
              s.group_id, s.grantee_handle, s.role, s.may_reshare, s.expires_at,
              s.limit_requests_per_minute, s.limit_models, s.limit_operations,
              s.limit_max_output_tokens, s.limit_budgets,
              s.pooled_limit_requests_per_minute, s.pooled_limit_models, s.pooled_limit_operations,
              s.pooled_limit_max_output_tokens, s.pooled_limit_budgets, s.given_via, s.created_at
            from group_members m
            join shares s on s.group_id = m.group_id
            where m.user_id = :user and s.instance_id = :instance
              and (s.expires_at is null or s.expires_at > :now)
            order by s.role = 'writer' desc, s.created_at, s.group_id
            limit 1
            for share of m, s
            """)
        .param("user", user.value())
        .param("instance", instance.value())
        .param("now", Parameters.at(now))
        .query((rs, n) -> ShareRows.byGroup(Row.of(rs)).orElseThrow())
        .optional();
  }

  @Override
  public List<Share> listOf(Instance.Id instance, Optional<GranteeName> after, int limit) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, s.may_reshare, s.expires_at,
              s.limit_requests_per_minute, s.limit_models, s.limit_operations,
              s.limit_max_output_tokens, s.limit_budgets,
              s.pooled_limit_requests_per_minute, s.pooled_limit_models, s.pooled_limit_operations,
              s.pooled_limit_max_output_tokens, s.pooled_limit_budgets,
              g.handle as given_by, s.given_via, s.version, s.created_at, s.applied_by
            from shares s
            left join users g on g.id = s.given_by
            where s.instance_id = :instance and s.grantee_handle > :after
            order by s.grantee_handle
            limit :limit
            """)
        .param("instance", instance.value())
        .param("after", after.map(GranteeName::toString).orElse(""))
        .param("limit", limit)
        .query(SHARE)
        .list();
  }

  @Override
  public List<Share> givenVia(Instance.Id instance, User.Id coOwner) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, s.may_reshare, s.expires_at,
              s.limit_requests_per_minute, s.limit_models, s.limit_operations,
              s.limit_max_output_tokens, s.limit_budgets,
              s.pooled_limit_requests_per_minute, s.pooled_limit_models, s.pooled_limit_operations,
              s.pooled_limit_max_output_tokens, s.pooled_limit_budgets,
              g.handle as given_by, s.given_via, s.version, s.created_at, s.applied_by
            from shares s
            left join users g on g.id = s.given_by
            where s.instance_id = :instance and s.given_via = :co_owner
            order by s.grantee_handle
            """)
        .param("instance", instance.value())
        .param("co_owner", coOwner.value())
        .query(SHARE)
        .list();
  }

  @Override
  public void insert(Instance.Id instance, Share share, User.Id givenBy) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into shares (
                  instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
                  may_reshare, expires_at, limit_requests_per_minute, limit_models,
                  limit_operations, limit_max_output_tokens, limit_budgets,
                  pooled_limit_requests_per_minute, pooled_limit_models, pooled_limit_operations,
                  pooled_limit_max_output_tokens, pooled_limit_budgets, given_by, given_via, version,
                  created_at, applied_by)
                select
                  i.id, i.owner_handle, i.handle, :grantee, :grantee_handle, :role,
                  :may_reshare, :expires_at, :limit_requests_per_minute, :limit_models,
                  :limit_operations, :limit_max_output_tokens, :limit_budgets,
                  :pooled_limit_requests_per_minute, :pooled_limit_models,
                  :pooled_limit_operations, :pooled_limit_max_output_tokens,
                  :pooled_limit_budgets, :given_by, :given_via, :version, :created_at, :applied_by
                from instances i
                where i.id = :instance
                """)
            .param("grantee_handle", share.grantee().name().toString())
            .param("created_at", Parameters.at(share.createdAt()));
    Database.requireOne(with(statement, instance, share, givenBy).update());
  }

  @Override
  public void update(Instance.Id instance, Share share, User.Id givenBy) {
    StatementSpec statement =
        jdbc.sql(
            """
            update shares
            set role = :role, may_reshare = :may_reshare, expires_at = :expires_at,
              limit_requests_per_minute = :limit_requests_per_minute,
              limit_models = :limit_models, limit_operations = :limit_operations,
              limit_max_output_tokens = :limit_max_output_tokens,
              limit_budgets = :limit_budgets,
              pooled_limit_requests_per_minute = :pooled_limit_requests_per_minute,
              pooled_limit_models = :pooled_limit_models,
              pooled_limit_operations = :pooled_limit_operations,
              pooled_limit_max_output_tokens = :pooled_limit_max_output_tokens,
              pooled_limit_budgets = :pooled_limit_budgets,
              given_by = :given_by, given_via = :given_via, version = :version,
              applied_by = :applied_by
            where instance_id = :instance and grantee_id = :grantee
            """);
    Database.requireOne(with(statement, instance, share, givenBy).update());
  }

  @Override
  public boolean delete(Instance.Id instance, GranteeId grantee) {
    return jdbc.sql("delete from shares where instance_id = :instance and grantee_id = :grantee")
            .param("instance", instance.value())
            .param("grantee", grantee.value())
            .update()
        == 1;
  }

  private static StatementSpec with(
      StatementSpec statement, Instance.Id instance, Share share, User.Id givenBy) {
    StatementSpec limited = Parameters.withLimits(statement, share.terms().limits());
    return Parameters.withLimits(limited, "pooled_", share.terms().pooledLimits())
        .param("instance", instance.value())
        .param("grantee", share.grantee().id().value())
        .param("role", share.terms().role().name().toLowerCase(Locale.ROOT))
        .param("may_reshare", share.terms().mayReshare())
        .param("expires_at", Parameters.at(share.terms().expiresAt()))
        .param("given_by", givenBy.value())
        .param("given_via", Parameters.orNull(share.givenVia(), User.Id::value))
        .param("version", share.version())
        .param("applied_by", Parameters.orNull(share.appliedBy(), AppliedBy::value));
  }
}
