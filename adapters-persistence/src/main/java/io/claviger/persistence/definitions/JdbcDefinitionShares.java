package io.claviger.persistence.definitions;

import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.GranteeRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The shares of definitions in table {@code definition_shares}. Each gives the role of a reader,
 * without limits and without an expiry time.
 */
public final class JdbcDefinitionShares implements ShareStore<Definition.Id> {
  private static final RowMapper<Share> SHARE = (rs, n) -> share(Row.of(rs));

  private final JdbcClient jdbc;

  public JdbcDefinitionShares(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Share> find(Definition.Id definition, GranteeId grantee) {
    return jdbc.sql(
            """
            select s.grantee_id, s.grantee_handle, g.handle as given_by, s.version, s.created_at
            from definition_shares s
            left join users g on g.id = s.given_by
            where s.definition_id = :definition and s.grantee_id = :grantee
            """)
        .param("definition", definition.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  @Override
  public Optional<Share> lock(Definition.Id definition, GranteeId grantee) {
    return jdbc.sql(
            """
            select s.grantee_id, s.grantee_handle, g.handle as given_by, s.version, s.created_at
            from definition_shares s
            left join users g on g.id = s.given_by
            where s.definition_id = :definition and s.grantee_id = :grantee
            for update of s
            """)
        .param("definition", definition.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  @Override
  public List<Share> listOf(Definition.Id definition, Optional<GranteeName> after, int limit) {
    return jdbc.sql(
            """
            select s.grantee_id, s.grantee_handle, g.handle as given_by, s.version, s.created_at
            from definition_shares s
            left join users g on g.id = s.given_by
            where s.definition_id = :definition and s.grantee_handle > :after
            order by s.grantee_handle
            limit :limit
            """)
        .param("definition", definition.value())
        .param("after", after.map(GranteeName::toString).orElse(""))
        .param("limit", limit)
        .query(SHARE)
        .list();
  }

  @Override
  public void insert(Definition.Id definition, Share share, User.Id givenBy) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into definition_shares (
                  definition_id, owner_handle, definition_handle, grantee_id, grantee_handle,
                  given_by, version, created_at)
                select
                  t.id, t.owner_handle, t.handle, :grantee, :grantee_handle,
                  :given_by, :version, :created_at
                from definitions t
                where t.id = :definition
                """)
            .param("grantee_handle", share.grantee().name().toString())
            .param("created_at", Parameters.at(share.createdAt()));
    Database.requireOne(with(statement, definition, share, givenBy).update());
  }

  @Override
  public void update(Definition.Id definition, Share share, User.Id givenBy) {
    StatementSpec statement =
        jdbc.sql(
            """
            update definition_shares
            set given_by = :given_by, version = :version
            where definition_id = :definition and grantee_id = :grantee
            """);
    Database.requireOne(with(statement, definition, share, givenBy).update());
  }

  @Override
  public boolean delete(Definition.Id definition, GranteeId grantee) {
    return jdbc.sql(
                "delete from definition_shares where definition_id = :definition and grantee_id ="
                    + " :grantee")
            .param("definition", definition.value())
            .param("grantee", grantee.value())
            .update()
        == 1;
  }

  private static StatementSpec with(
      StatementSpec statement, Definition.Id definition, Share share, User.Id givenBy) {
    return statement
        .param("definition", definition.value())
        .param("grantee", share.grantee().id().value())
        .param("given_by", givenBy.value())
        .param("version", share.version());
  }

  private static Share share(Row row) throws SQLException {
    return new Share(
        GranteeRows.grantee(row),
        new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE),
        row.optionalText("given_by").map(Handle::new),
        Optional.empty(),
        row.bigNumber("version"),
        row.instant("created_at"));
  }
}
