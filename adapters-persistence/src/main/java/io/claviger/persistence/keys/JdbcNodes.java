package io.claviger.persistence.keys;

import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link NodeStore} with the table {@code nodes}. */
public final class JdbcNodes implements NodeStore {
  private static final RowMapper<NodeStatus> SEEN =
      (rs, n) -> {
        Row row = Row.of(rs);
        return new NodeStatus(
            row.uuid("id"),
            new NodeKeys(
                row.text("name"),
                row.texts("held").stream().map(EncryptionKeyId::new).collect(Collectors.toSet()),
                new EncryptionKeyId(row.text("sealing"))),
            Duration.ofMillis(row.bigNumber("ago_ms")),
            about(rs));
      };

  private static final long NANOS_IN_MICRO = 1_000;

  private final JdbcClient jdbc;

  public JdbcNodes(Database database) {
    this.jdbc = database.jdbc();
  }

  /** Also deletes the nodes whose last heartbeat is more than a day old. */
  @Override
  public void heartbeat(UUID id, NodeKeys keys) {
    Database.update(
        jdbc.sql(
                """
                with gone as (
                  delete from nodes where seen_at < clock_timestamp() - interval '1 day' and id <> :id)
                insert into nodes (id, name, held, sealing, seen_at)
                values (:id, :name, :held, :sealing, clock_timestamp())
                on conflict on constraint nodes_pkey do update
                set name = excluded.name, held = excluded.held, sealing = excluded.sealing,
                  seen_at = excluded.seen_at
                """)
            .param("id", id)
            .param("name", keys.name())
            .param("held", Parameters.texts(keys.held(), EncryptionKeyId::value))
            .param("sealing", keys.sealing().value()));
  }

  private static Optional<About> about(ResultSet rs) throws SQLException {
    String version = rs.getString("version");
    long micros = rs.getLong("revocation_micros");
    Optional<Duration> revocation =
        rs.wasNull() ? Optional.empty() : Optional.of(Duration.ofNanos(micros * NANOS_IN_MICRO));
    return version == null ? Optional.empty() : Optional.of(new About(version, revocation));
  }

  /**
   * One statement both stores the record and writes the change to the change log, because only the
   * last statement of a transaction may write to the log.
   */
  @Override
  public void tell(UUID id, About about) {
    List<Object> unused =
        jdbc.sql(
                """
                with told as (
                  update nodes set version = :version, revocation_micros = :micros
                  where id = :id
                  returning id)
                select note_change(id) from told
                """)
            .param("id", id)
            .param("version", about.version())
            .param(
                "micros",
                about.revocation().map(time -> time.toNanos() / NANOS_IN_MICRO).orElse(null),
                Types.BIGINT)
            .query((rs, n) -> (Object) n)
            .list();
  }

  @Override
  public boolean unregister(UUID id) {
    return jdbc.sql("delete from nodes where id = :id").param("id", id).update() == 1;
  }

  @Override
  public boolean unregisterUnlessLive(UUID id) {
    return jdbc.sql(
                """
                delete from nodes
                where id = :id
                  and abs(extract(epoch from clock_timestamp() - seen_at) * 1000) > :bound
                """)
            .param("id", id)
            .param("bound", BOUND.toMillis())
            .update()
        == 1;
  }

  /**
   * A node whose last report seems to come from the future has not reported since the database's
   * clock was set back. A live node reports again within seconds.
   */
  @Override
  public List<NodeStatus> all() {
    return jdbc.sql(
            """
            select id, name, held, sealing, version, revocation_micros,
              abs(extract(epoch from clock_timestamp() - seen_at) * 1000)::bigint as ago_ms
            from nodes
            order by name, id
            """)
        .query(SEEN)
        .list();
  }
}
