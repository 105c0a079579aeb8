package io.claviger.persistence.definitions;

import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link DefinitionStore} with the table {@code definitions}. */
public final class JdbcDefinitions implements DefinitionStore {
  static final RowMapper<Definition> DEFINITION = Row.mapper(DefinitionRows::definition);
  private static final RowMapper<VisibleDefinition> SEEN =
      Row.mapper(row -> new VisibleDefinition(DefinitionRows.definition(row), row.flag("shared")));

  private static final Columns CHANGED =
      DefinitionRows.STORED.without("id", "owner_id", "owner_handle", "handle", "created_at");

  /**
   * If a share ends while this statement waits for the lock on the share, the statement uses the
   * next share.
   */
  private static final String HOLD_BY_GROUP =
      """
      select m.group_id
      from group_members m
      join definition_shares s on s.group_id = m.group_id
      where m.user_id = :viewer and s.definition_id = :definition
      order by m.group_id
      limit 1
      for share of m, s
      """;

  private final JdbcClient jdbc;
  private final DefinitionLists lists;

  public JdbcDefinitions(Database database) {
    this.jdbc = database.jdbc();
    this.lists = new DefinitionLists(database.lists());
  }

  @Override
  public Optional<VisibleDefinition> find(Definition.Ref ref, User.Id viewer) {
    return jdbc.sql(
            DefinitionRows.naming(
                """
            select d.{columns},
              exists (
                select from definition_shares s
                where s.definition_id = d.id
                  and (s.grantee_id = :viewer or s.group_id in (
                    select x.group_id from group_members x where x.user_id = :viewer))) as shared
            from definitions d
            where d.owner_handle = :owner and d.handle = :handle
            """))
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .param("viewer", viewer.value())
        .query(SEEN)
        .optional();
  }

  /**
   * Locks the definition with a first statement, and reads the share with a second statement. A
   * single statement would still see the share as it was before waiting for the lock.
   */
  @Override
  public Optional<VisibleDefinition> lock(Definition.Ref ref, User.Id viewer) {
    return locked(ref, "for update")
        .map(locked -> new VisibleDefinition(locked, isShared(locked.id(), viewer)));
  }

  @Override
  public Optional<VisibleDefinition> hold(Definition.Ref ref, User.Id viewer) {
    return locked(ref, "for share")
        .map(
            held ->
                new VisibleDefinition(
                    held, !needsNoShare(held, viewer) && holdShare(held.id(), viewer)));
  }

  private Optional<Definition> locked(Definition.Ref ref, String lock) {
    return jdbc.sql(
            DefinitionRows.naming(
                """
            select {columns}
            from definitions
            where owner_handle = :owner and handle = :handle
            %s
            """
                    .formatted(lock)))
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .query(DEFINITION)
        .optional();
  }

  /**
   * Whether a viewer sees a definition even without a share. For such a viewer, no share is locked.
   */
  private static boolean needsNoShare(Definition definition, User.Id viewer) {
    return definition.isPublic() || definition.isTrustedBy(viewer);
  }

  private boolean isShared(Definition.Id id, User.Id viewer) {
    return jdbc.sql(
            """
            select exists (
              select from definition_shares
              where definition_id = :definition
                and (grantee_id = :viewer or group_id in (
                  select x.group_id from group_members x where x.user_id = :viewer)))
            """)
        .param("definition", id.value())
        .param("viewer", viewer.value())
        .query(Boolean.class)
        .single();
  }

  private boolean holdShare(Definition.Id id, User.Id viewer) {
    return isHeld(
            """
            select grantee_id
            from definition_shares
            where definition_id = :definition and grantee_id = :viewer
            for share
            """,
            id,
            viewer)
        || isHeld(HOLD_BY_GROUP, id, viewer);
  }

  private boolean isHeld(String statement, Definition.Id id, User.Id viewer) {
    return jdbc.sql(statement)
        .param("definition", id.value())
        .param("viewer", viewer.value())
        .query(UUID.class)
        .optional()
        .isPresent();
  }

  @Override
  public List<Definition> visibleTo(
      User.Id user,
      boolean all,
      DefinitionFilter filter,
      Optional<Definition.Ref> after,
      int limit) {
    return lists.visibleTo(user, all, filter, after, limit);
  }

  @Override
  public void insert(Definition definition) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into definitions (
                  %s)
                values (
                  %s)
                """
                    .formatted(DefinitionRows.STORED, DefinitionRows.STORED.parameters()))
            .param("owner_id", definition.owner().value())
            .param("owner_handle", definition.ref().owner().value())
            .param("handle", definition.ref().handle().value())
            .param("created_at", Parameters.at(definition.createdAt()));
    Database.updateOne(with(statement, definition));
  }

  @Override
  public void update(Definition definition) {
    StatementSpec statement =
        jdbc.sql(
            """
            update definitions
            set %s
            where id = :id
            """
                .formatted(CHANGED.assignments()));
    Database.updateOne(with(statement, definition));
  }

  @Override
  public void delete(Definition.Id id) {
    Database.updateOne(jdbc.sql("delete from definitions where id = :id").param("id", id.value()));
  }

  private static StatementSpec with(StatementSpec statement, Definition definition) {
    return FieldColumns.with(statement, DefinitionFields.ALL, definition.values())
        .param("id", definition.id().value())
        .param("version", definition.version())
        .param("updated_at", Parameters.at(definition.updatedAt()));
  }
}
