package io.claviger.persistence.budgets;

import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link HolderDirectory} with the tables of services, projects, groups, users and
 * access tokens.
 */
public final class JdbcHolderDirectory implements HolderDirectory {
  private static final RowMapper<Named> NAMED =
      Row.mapper(
          row ->
              new Named(
                  row.uuid("id"),
                  row.optionalText("owner_handle").map(Handle::new),
                  row.text("name")));

  private final JdbcClient jdbc;

  public JdbcHolderDirectory(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * A row with an id, from the table that contains this id. No id occurs in two of these tables.
   */
  private record Named(UUID id, Optional<Handle> owner, String name) {}

  @Override
  public Map<BudgetHolder, HolderNames> names(Collection<BudgetHolder> holders) {
    if (holders.isEmpty()) {
      return Map.of();
    }
    Map<UUID, Named> named = new HashMap<>();
    jdbc.sql(
            """
            select id, owner_handle, handle as name
            from instances
            where id = any (cast(:services as uuid[]))
            union all
            select id, owner_handle, handle
            from projects
            where id = any (cast(:projects as uuid[]))
            union all
            select id, null, handle
            from groups
            where id = any (cast(:groups as uuid[]))
            union all
            select id, null, handle
            from users
            where id = any (cast(:users as uuid[]))
            union all
            select t.id, u.handle, t.name
            from access_tokens t
            join users u on u.id = t.user_id
            where t.id = any (cast(:tokens as uuid[]))
            """)
        .param("services", ids(holders, BudgetHolder::service))
        .param("projects", ids(holders, BudgetHolder::project))
        .param("groups", ids(holders, BudgetHolder::group))
        .param("users", ids(holders, BudgetHolder::user))
        .param("tokens", ids(holders, BudgetHolder::token))
        .query(NAMED)
        .list()
        .forEach(one -> named.put(one.id(), one));
    Map<BudgetHolder, HolderNames> names = new HashMap<>();
    holders.forEach(holder -> names.put(holder, names(holder, named)));
    return names;
  }

  private static String[] ids(
      Collection<BudgetHolder> holders, Function<BudgetHolder, Optional<UUID>> id) {
    return holders.stream()
        .flatMap(holder -> id.apply(holder).stream())
        .distinct()
        .map(UUID::toString)
        .toArray(String[]::new);
  }

  private static HolderNames names(BudgetHolder holder, Map<UUID, Named> named) {
    Optional<Named> token = holder.token().map(named::get);
    return new HolderNames(
        holder
            .service()
            .map(named::get)
            .map(one -> new Instance.Ref(one.owner().orElseThrow(), new Handle(one.name()))),
        holder.group().map(named::get).map(one -> new Handle(one.name())),
        holder
            .project()
            .map(named::get)
            .map(one -> new Project.Ref(one.owner().orElseThrow(), new Handle(one.name()))),
        holder
            .user()
            .map(named::get)
            .map(one -> new Handle(one.name()))
            .or(() -> token.flatMap(Named::owner)),
        token.map(Named::name));
  }
}
