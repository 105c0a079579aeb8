package io.claviger.persistence.definitions;

import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.persistence.shared.Parameters;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads lists of definitions. Each part of a list is read from its own index, starting at the
 * cursor. So all pages of a list cost about the same.
 */
final class DefinitionLists {
  private static final String WANTED =
      """
      (cast(:owner as text) is null or owner_handle = :owner)
        and (cast(:provider as text) is null or provider = :provider)
        and (cast(:api_standard as text) is null or api_standard = :api_standard)
      """;

  /**
   * The same condition as {@link #WANTED}, for statements in which share {@code s} contains the
   * handle of the owner of definition {@code d}.
   */
  private static final String WANTED_BY_SHARE =
      """
      (cast(:owner as text) is null or s.owner_handle = :owner)
        and (cast(:provider as text) is null or d.provider = :provider)
        and (cast(:api_standard as text) is null or d.api_standard = :api_standard)
      """;

  private final JdbcClient jdbc;

  DefinitionLists(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<Definition> visibleTo(
      User.Id user,
      boolean all,
      DefinitionFilter filter,
      Optional<Definition.Ref> after,
      int limit) {
    StatementSpec statement = all ? everybodys() : seenBy(user);
    return statement
        .param("owner", Parameters.orNull(filter.owner(), Handle::value))
        .param("provider", Parameters.orNull(filter.provider(), Provider::wireName))
        .param("api_standard", Parameters.orNull(filter.apiStandard(), Handle::value))
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(JdbcDefinitions.DEFINITION)
        .list();
  }

  private StatementSpec everybodys() {
    return jdbc.sql(
        filtered(
            """
        select {columns}
        from definitions
        where (owner_handle, handle) > (:after_owner, :after_handle)
          and {wanted}
        order by owner_handle, handle
        limit :limit
        """));
  }

  /**
   * Selects the user's own definitions, definitions of {@code _system}, other users' public
   * definitions, and private definitions that others share with the user or the user's groups. Each
   * of these four parts is read from its own index.
   */
  private StatementSpec seenBy(User.Id user) {
    return jdbc.sql(
            filtered(
                """
            select {columns}
            from (
              (select {columns}
              from definitions
              where owner_handle = (select handle from users where id = :user)
                and owner_handle <> '_system'
                and handle > page_start(
                  (select handle from users where id = :user), :after_owner, :after_handle)
                and {wanted}
              order by owner_handle, handle
              limit :limit)
              union all
              (select {columns}
              from definitions
              where owner_handle = '_system'
                and handle > page_start('_system', :after_owner, :after_handle)
                and {wanted}
              order by owner_handle, handle
              limit :limit)
              union all
              (select {columns}
              from definitions
              where public
                and owner_id <> :user
                and (owner_handle, handle) > (:after_owner, :after_handle)
                and {wanted}
              order by owner_handle, handle
              limit :limit)
              union all
              (select d.{columns}
              from definition_shares s
              join definitions d on d.id = s.definition_id
              where s.grantee_id = :user
                and not d.public
                and (s.owner_handle, s.definition_handle) > (:after_owner, :after_handle)
                and {wanted_by_share}
              order by s.owner_handle, s.definition_handle
              limit :limit)
              union
              (select d.{columns}
              from group_members m
              cross join lateral (
                select d.id
                from definition_shares s
                join definitions d on d.id = s.definition_id
                where s.group_id = m.group_id
                  and not d.public
                  and d.owner_id <> :user
                  and (s.owner_handle, s.definition_handle) > (:after_owner, :after_handle)
                  and {wanted_by_share}
                order by s.owner_handle, s.definition_handle
                limit :limit
              ) listed
              join definitions d on d.id = listed.id
              where m.user_id = :user)
            ) seen
            order by owner_handle, handle
            limit :limit
            """))
        .param("user", user.value());
  }

  private static String filtered(String statement) {
    return DefinitionRows.naming(
        statement.replace("{wanted}", WANTED).replace("{wanted_by_share}", WANTED_BY_SHARE));
  }
}
