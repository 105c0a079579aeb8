package io.claviger.persistence.transfers;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferState;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.Seeing;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link TransferStore} with the tables {@code transfers} and {@code transfer_items}.
 */
public final class JdbcTransfers implements TransferStore {
  private static final TimeCursor BEGINNING = new TimeCursor(Instant.EPOCH, new UUID(0, 0));

  /**
   * The columns that {@link #transfer} reads: those of transfer {@code t}, and the handle of the
   * user {@code u} who offered it.
   */
  private static final String COLUMNS =
      """
      t.id, t.from_id, t.from_handle, t.to_id, t.to_handle, u.handle as offered_by,
        t.state, t.offered_at, t.expires_at, t.ended_at\
      """;

  private static final String FIND =
      """
      select %s
      from transfers t
      left join users u on u.id = t.offered_by
      where t.id = :id
      """
              .formatted(COLUMNS)
          + Seeing.TRANSFER;

  private final JdbcClient jdbc;

  public JdbcTransfers(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Transfer> find(Transfer.Id id, Sight sight) {
    return Seeing.of(sight, jdbc.sql(FIND))
        .param("id", id.value())
        .query(Row.mapper(row -> transfer(row)))
        .optional()
        .map(found -> withItems(List.of(found)).get(0));
  }

  @Override
  public Optional<Transfer> lock(Transfer.Id id, Sight sight) {
    return Seeing.of(
            sight,
            jdbc.sql(
                "select t.id from transfers t where t.id = :id"
                    + Seeing.TRANSFER
                    + "for update of t"))
        .param("id", id.value())
        .query(UUID.class)
        .optional()
        .flatMap(locked -> find(id, sight));
  }

  @Override
  public List<Transfer> list(User.Id user, Optional<TimeCursor> after, int limit) {
    TimeCursor position = after.orElse(BEGINNING);
    return withItems(
        jdbc.sql(
                """
                select %s
                from (
                    (select *
                    from transfers
                    where from_id = :user and (offered_at, id) > (:after_at, :after_id)
                    order by offered_at, id
                    limit :limit)
                    union all
                    (select *
                    from transfers
                    where to_id = :user and (offered_at, id) > (:after_at, :after_id)
                    order by offered_at, id
                    limit :limit)
                ) t
                left join users u on u.id = t.offered_by
                order by t.offered_at, t.id
                limit :limit
                """
                    .formatted(COLUMNS))
            .param("user", user.value())
            .param("after_at", Parameters.at(position.at()))
            .param("after_id", position.id())
            .param("limit", limit)
            .query(Row.mapper(row -> transfer(row)))
            .list());
  }

  @Override
  public void insert(Transfer transfer, User.Id offeredBy) {
    Database.update(
        jdbc.sql(
                """
                delete from transfers
                where id in (
                  select e.id
                  from transfers e
                  where e.id in (
                    select o.id
                    from transfers o
                    where o.from_id = :from and o.state in ('declined', 'withdrawn', 'expired')
                    order by o.ended_at desc, o.id desc
                    offset :most)
                  for update skip locked)
                """)
            .param("from", transfer.from().id().value())
            .param("most", Transfer.MOST_KEPT));
    Database.updateOne(
        jdbc.sql(
                """
                insert into transfers (
                  id, from_id, from_handle, to_id, to_handle, offered_by, state, offered_at,
                  expires_at)
                values (
                  :id, :from, :from_handle, :to, :to_handle, :offered_by, :state, :offered_at,
                  :expires_at)
                """)
            .param("id", transfer.id().value())
            .param("from", transfer.from().id().value())
            .param("from_handle", transfer.from().handle().value())
            .param("to", transfer.to().id().value())
            .param("to_handle", transfer.to().handle().value())
            .param("offered_by", offeredBy.value())
            .param("state", transfer.state().wireName())
            .param("offered_at", Parameters.at(transfer.offeredAt()))
            .param("expires_at", Parameters.at(transfer.expiresAt())));
    List<TransferItem> items = transfer.items();
    int added =
        jdbc.sql(
                """
                insert into transfer_items (
                  transfer_id, position, open, kind, handle, service_id, project_id)
                select
                  :transfer, i.position, true, i.kind, i.handle,
                  case i.kind when 'service' then i.id end,
                  case i.kind when 'project' then i.id end
                from unnest(
                  cast(:kinds as text[]), cast(:handles as text[]), cast(:ids as uuid[]))
                  with ordinality i (kind, handle, id, position)
                """)
            .param("transfer", transfer.id().value())
            .param("kinds", Parameters.texts(items, item -> item.kind().wireName()))
            .param("handles", Parameters.texts(items, item -> item.handle().value()))
            .param("ids", ids(items))
            .update();
    Database.require(items.size(), added);
  }

  @Override
  public List<Transfer> listOpenTo(User.Id receiver, int limit) {
    return open("t.to_id = :user", receiver, limit);
  }

  @Override
  public List<Transfer> listOpenOf(User.Id giver, int limit) {
    return open("t.from_id = :user", giver, limit);
  }

  private List<Transfer> open(String condition, User.Id user, int limit) {
    return withItems(
        jdbc.sql(
                """
                select %s
                from transfers t
                left join users u on u.id = t.offered_by
                where %s and t.state = 'offered' and t.expires_at > statement_timestamp()
                order by t.offered_at, t.id
                limit :limit
                """
                    .formatted(COLUMNS, condition))
            .param("user", user.value())
            .param("limit", limit)
            .query(Row.mapper(row -> transfer(row)))
            .list());
  }

  @Override
  public void lockItems(List<TransferItem> items, User.Id owner, boolean waits) {
    int unused =
        lockAll(
            """
            select id
            from transfers
            where expires_at <= statement_timestamp()
              and id in (
                select transfer_id
                from transfer_items
                where open and (service_id = any(:ids) or project_id = any(:ids)))
            order by id
            for no key update
            """,
            Map.of("ids", ids(items)),
            waits);
    int locked = 0;
    for (String table : List.of("projects", "instances")) {
      locked +=
          lockAll(
              """
              select id
              from %s
              where id = any(:ids) and owner_id = :owner
              order by id
              for no key update
              """
                  .formatted(table),
              Map.of("ids", ids(items), "owner", owner.value()),
              waits);
    }
    if (locked < items.size()) {
      throw ConcurrencyConflict.notSerializable("an offered item was deleted or transferred");
    }
  }

  private int lockAll(String statement, Map<String, ?> params, boolean waits) {
    return jdbc.sql(statement + (waits ? "" : " nowait"))
        .params(params)
        .query()
        .listOfRows()
        .size();
  }

  @Override
  public Map<TransferItem, Transfer.Id> offered(List<TransferItem> items) {
    Map<TransferItem, Transfer.Id> offered = new HashMap<>();
    jdbc.sql(
            """
            select coalesce(i.service_id, i.project_id) as thing, i.transfer_id,
              t.expires_at <= statement_timestamp() as expired
            from transfer_items i
            join transfers t on t.id = i.transfer_id
            where i.open and (i.service_id = any(:ids) or i.project_id = any(:ids))
            """)
        .param("ids", ids(items))
        .query(
            rs -> {
              Row row = Row.of(rs);
              if (row.flag("expired")) {
                throw ConcurrencyConflict.notSerializable(
                    "an offer has just expired, or somebody has locked it");
              }
              Optional<UUID> thing = Optional.of(row.uuid("thing"));
              Transfer.Id transfer = new Transfer.Id(row.uuid("transfer_id"));
              items.stream()
                  .filter(item -> item.id().equals(thing))
                  .forEach(item -> offered.put(item, transfer));
            });
    return offered;
  }

  @Override
  public void end(Transfer transfer) {
    Database.updateOne(
        jdbc.sql(
                """
                update transfers
                set state = :state, ended_at = :ended_at
                where id = :id and state = 'offered'
                """)
            .param("id", transfer.id().value())
            .param("state", transfer.state().wireName())
            .param("ended_at", Parameters.at(transfer.endedAt())));
    List<TransferItem> renamed =
        transfer.items().stream().filter(item -> item.newHandle().isPresent()).toList();
    Database.update(
        jdbc.sql(
                """
                update transfer_items i
                set new_handle = n.handle
                from unnest(cast(:ids as uuid[]), cast(:handles as text[])) n (id, handle)
                where i.transfer_id = :transfer and coalesce(i.service_id, i.project_id) = n.id
                """)
            .param("transfer", transfer.id().value())
            .param("ids", ids(renamed))
            .param(
                "handles",
                Parameters.texts(renamed, item -> item.newHandle().orElseThrow().value())));
  }

  @Override
  public void expire() {
    Database.update(
        jdbc.sql(
            """
            update transfers
            set state = 'expired', ended_at = expires_at
            where id in (
              select id
              from transfers
              where state = 'offered' and expires_at <= statement_timestamp()
              for update skip locked)
            """));
  }

  @Override
  public int deleteEnded(Duration ago) {
    return jdbc.sql(
            """
            delete from transfers
            where id in (
              select id
              from transfers
              where ended_at < statement_timestamp() - make_interval(secs => :seconds)
              for update skip locked)
            """)
        .param("seconds", ago.toSeconds())
        .update();
  }

  /** Reads a transfer without its items. */
  private static Transfer transfer(Row row) throws SQLException {
    return new Transfer(
        new Transfer.Id(row.uuid("id")),
        new Transfer.Party(new User.Id(row.uuid("from_id")), new Handle(row.text("from_handle"))),
        new Transfer.Party(new User.Id(row.uuid("to_id")), new Handle(row.text("to_handle"))),
        row.optionalText("offered_by").map(Handle::new),
        List.of(),
        row.constant("state", TransferState.class),
        row.instant("offered_at"),
        row.instant("expires_at"),
        row.optionalInstant("ended_at"));
  }

  private List<Transfer> withItems(List<Transfer> transfers) {
    Map<UUID, List<TransferItem>> items = new HashMap<>();
    jdbc.sql(
            """
            select transfer_id, kind, coalesce(service_id, project_id) as id, handle, new_handle
            from transfer_items
            where transfer_id = any(:transfers)
            order by transfer_id, position
            """)
        .param("transfers", Parameters.uuids(transfers, t -> t.id().value()))
        .query(
            rs -> {
              Row row = Row.of(rs);
              items
                  .computeIfAbsent(row.uuid("transfer_id"), id -> new ArrayList<>())
                  .add(item(row));
            });
    return transfers.stream()
        .map(t -> t.with(items.getOrDefault(t.id().value(), List.of())))
        .toList();
  }

  private static TransferItem item(Row row) throws SQLException {
    return new TransferItem(
        row.constant("kind", TransferItem.Kind.class),
        row.optionalUuid("id"),
        new Handle(row.text("handle")),
        row.optionalText("new_handle").map(Handle::new));
  }

  private static UUID[] ids(List<TransferItem> items) {
    return items.stream().flatMap(item -> item.id().stream()).toArray(UUID[]::new);
  }
}
