package io.claviger.persistence.transfers;

import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link OwnerChanges} with the tables of services and projects. Foreign keys update the
 * owner's and the thing's handles in shares, memberships and defaults.
 */
public final class JdbcOwnerChanges implements OwnerChanges {
  private final JdbcClient jdbc;
  private final AffectedProjects affectedProjects;
  private final Relocation relocation;

  public JdbcOwnerChanges(Database database) {
    this.jdbc = database.jdbc();
    this.affectedProjects = new AffectedProjects(jdbc);
    this.relocation = new Relocation(jdbc);
  }

  /**
   * Locks projects before services, in the same order as a transaction that binds a project to a
   * service, and both users after their services. Locks rows of each kind in the order of their
   * ids.
   */
  @Override
  public Set<UUID> lock(Transfer transfer) {
    Set<UUID> owned =
        new HashSet<>(
            jdbc
                .sql(
                    """
                    select p.id, p.owner_id = :giver and p.id = any(:projects) as owned
                    from projects p
                    where p.id in (
                      select o.id
                      from projects o
                      where o.owner_id = :giver
                        and (o.id = any(:projects) or o.instance_id = any(:services))
                      union all
                      select project_id
                      from open_projects
                      where instance_id = any(:services))
                    order by p.id
                    for update of p
                    """)
                .param("giver", transfer.from().id().value())
                .param("projects", ids(transfer, TransferItem.Kind.PROJECT))
                .param("services", ids(transfer, TransferItem.Kind.SERVICE))
                .query(Row.mapper(row -> Map.entry(row.uuid("id"), row.flag("owned"))))
                .stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList());
    owned.addAll(
        jdbc.sql(
                """
                select id
                from instances
                where owner_id = :giver and id = any(:services)
                order by id
                for update
                """)
            .param("giver", transfer.from().id().value())
            .param("services", ids(transfer, TransferItem.Kind.SERVICE))
            .query(UUID.class)
            .list());
    // Projects might have been opened before the services were locked, and must not be waited for.
    int unusedToo =
        jdbc.sql(
                """
                select id
                from projects
                where id in (
                  select project_id from open_projects where instance_id = any(:services))
                for no key update nowait
                """)
            .param("services", ids(transfer, TransferItem.Kind.SERVICE))
            .query()
            .listOfRows()
            .size();
    // What is moved refers to both users, and what is stored through a project counts for its
    // owner. So each of the moves would lock users after it has locked stored objects.
    int unused =
        jdbc.sql("select id from users where id in (:giver, :receiver) order by id for share")
            .param("giver", transfer.from().id().value())
            .param("receiver", transfer.to().id().value())
            .query()
            .listOfRows()
            .size();
    return owned;
  }

  @Override
  public boolean isTaken(TransferItem.Kind kind, User.Id owner, Handle handle) {
    String table =
        switch (kind) {
          case SERVICE -> "instances";
          case PROJECT -> "projects";
        };
    return jdbc.sql(
            "select exists (select from %s where owner_id = :owner and handle = :handle)"
                .formatted(table))
        .param("owner", owner.value())
        .param("handle", handle.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean isReserved(TransferItem.Kind kind, Handle owner, Handle handle, UUID except) {
    return jdbc.sql(
            """
            select exists (
              select from moved_references
              where kind = :kind and owner_handle = :owner and handle = :handle
                and until > now() and coalesce(service_id, project_id) <> :except)
            """)
        .param("kind", kind.wireName())
        .param("owner", owner.value())
        .param("handle", handle.value())
        .param("except", except)
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<AffectedProject> affectedProjects(Transfer transfer, User.Id asker, Instant now) {
    return affectedProjects.of(
        transfer,
        ids(transfer, TransferItem.Kind.SERVICE),
        ids(transfer, TransferItem.Kind.PROJECT),
        asker,
        now);
  }

  @Override
  public int move(Transfer transfer, TransferItem item, Instant now, Instant until) {
    UUID id = item.id().orElseThrow();
    Handle handle = item.newHandle().orElseThrow();
    int shares = relocation.move(item.kind(), id, transfer, handle, now);
    leaveReference(transfer, item, until);
    return shares;
  }

  /**
   * Stores the old reference as a former reference of the item. If the item's new reference is one
   * of its former references, that former reference is removed.
   */
  private void leaveReference(Transfer transfer, TransferItem item, Instant until) {
    Database.update(
        jdbc.sql(
                """
                delete from moved_references
                where kind = :kind and owner_handle = :owner and handle = :handle
                """)
            .param("kind", item.kind().wireName())
            .param("owner", transfer.to().handle().value())
            .param("handle", item.newHandle().orElseThrow().value()));
    Database.updateOne(
        jdbc.sql(
                """
                insert into moved_references (
                  kind, owner_handle, handle, service_id, project_id, until)
                values (
                  :kind, :owner, :handle,
                  case :kind when 'service' then cast(:id as uuid) end,
                  case :kind when 'project' then cast(:id as uuid) end,
                  :until)
                on conflict on constraint moved_references_pkey do update
                set service_id = excluded.service_id, project_id = excluded.project_id,
                  until = excluded.until
                """)
            .param("kind", item.kind().wireName())
            .param("owner", transfer.from().handle().value())
            .param("handle", item.handle().value())
            .param("id", item.id().orElseThrow())
            .param("until", Parameters.at(until)));
  }

  private static UUID[] ids(Transfer transfer, TransferItem.Kind kind) {
    return transfer.items().stream()
        .filter(item -> item.kind() == kind)
        .flatMap(item -> item.id().stream())
        .toArray(UUID[]::new);
  }
}
