package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The API keys and custom header values of services. Both values of a row are written together. */
final class SealedInstances implements SealedTable {
  /** The most bytes of sealed values that are read at once, since header values may be large. */
  private static final int MOST_BYTES = 4_194_304;

  private static final UUID NOBODY = new UUID(0, 0);

  private static final RowMapper<Cleared> CLEARED =
      (rs, n) -> {
        Row row = Row.of(rs);
        return new Cleared(
            new Instance.Id(row.uuid("id")),
            SealedRows.ref(row),
            new User.Id(row.uuid("owner_id")),
            row.flag("key_lost"),
            row.flag("headers_lost"),
            Optional.empty());
      };

  private final JdbcClient jdbc;

  SealedInstances(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The two values of a row, each old and new. A value that the row does not have is null. */
  private static final class Both {
    private final byte[][] parts = new byte[4][];

    void set(Replacement one) {
      int at = one.old().kind() == Kind.INSTANCE_API_KEY ? 0 : 2;
      parts[at] = one.old().value().bytes();
      parts[at + 1] = one.with().bytes();
    }

    static byte[][] all(Map<UUID, Both> rows, int part) {
      return rows.values().stream().map(both -> both.parts[part]).toArray(byte[][]::new);
    }
  }

  @Override
  public SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    List<List<StoredValue>> found =
        jdbc.sql(
                """
                select id, owner_handle, handle, endpoint, key_method, key_field, api_key_sealed,
                  headers_sealed
                from (
                  select i.id, i.owner_handle, i.handle, i.endpoint, a.key_method, a.key_field,
                    case when i.api_key_sealed_under <> :key then i.api_key_sealed end
                      as api_key_sealed,
                    case when i.headers_sealed_under <> :key then i.headers_sealed end
                      as headers_sealed,
                    coalesce(
                      sum(coalesce(octet_length(i.api_key_sealed), 0)
                        + coalesce(octet_length(i.headers_sealed), 0))
                        over (order by i.id rows between unbounded preceding and 1 preceding),
                      0) as bytes_before
                  from instances i
                  join api_standards a on a.handle = i.api_standard
                  where i.id > :after
                    and (i.api_key_sealed_under <> :key or i.headers_sealed_under <> :key)
                  order by i.id
                  limit :rows) f
                where bytes_before < :most_bytes
                order by id
                """)
            .param("key", key.value())
            .param("after", after.instance())
            .param("rows", rows)
            .param("most_bytes", MOST_BYTES)
            .query(SealedRows.OF_INSTANCE)
            .list();
    return new SealedValueBatch<>(
        found.stream().flatMap(List::stream).toList(),
        found.isEmpty() ? Optional.empty() : Optional.of(behind(found.getLast().getFirst())));
  }

  private static Position behind(StoredValue last) {
    return new Position(Table.INSTANCES, last.instance().value(), NOBODY);
  }

  @Override
  public int replace(List<Replacement> replacements) {
    Map<UUID, Both> rows = new LinkedHashMap<>();
    replacements.forEach(
        one -> rows.computeIfAbsent(one.old().instance().value(), id -> new Both()).set(one));
    if (rows.isEmpty()) {
      return 0;
    }
    return jdbc
        .sql(
            """
            update instances i
            set api_key_sealed = coalesce(n.new_key, i.api_key_sealed),
              headers_sealed = coalesce(n.new_headers, i.headers_sealed)
            from unnest(
              cast(:ids as uuid[]), cast(:old_keys as bytea[]), cast(:new_keys as bytea[]),
              cast(:old_headers as bytea[]), cast(:new_headers as bytea[]))
              as n (id, old_key, new_key, old_headers, new_headers)
            where i.id = n.id
              and (n.old_key is null or i.api_key_sealed = n.old_key)
              and (n.old_headers is null or i.headers_sealed = n.old_headers)
            returning num_nonnulls(n.new_key, n.new_headers)
            """)
        .param("ids", Parameters.texts(rows.keySet(), UUID::toString))
        .param("old_keys", Both.all(rows, 0))
        .param("new_keys", Both.all(rows, 1))
        .param("old_headers", Both.all(rows, 2))
        .param("new_headers", Both.all(rows, 3))
        .query((rs, n) -> rs.getInt(1))
        .stream()
        .mapToInt(n -> n)
        .sum();
  }

  @Override
  public SealedValueBatch<Cleared> clear(
      EncryptionKeyId key, Position after, int rows, Instant now) {
    List<Cleared> cleared =
        jdbc.sql(
                """
                with lost as (
                  select id, api_key_sealed_under is not distinct from :key as key_lost,
                    headers_sealed_under is not distinct from :key as headers_lost
                  from instances
                  where id > :after
                    and (api_key_sealed_under = :key or headers_sealed_under = :key)
                  order by id
                  limit :rows
                  for no key update),
                cleared as (
                  update instances i
                  set api_key_sealed = case when not key_lost then i.api_key_sealed end,
                    api_key_set_at = case when not key_lost then i.api_key_set_at end,
                    headers_sealed = case when not headers_lost then i.headers_sealed end,
                    headers_version =
                      case when headers_lost then i.version + 1 else i.headers_version end,
                    custom_header_names =
                      case when headers_lost then '{}' else i.custom_header_names end,
                    version = i.version + 1, updated_at = greatest(i.updated_at, :now)
                  from lost
                  where i.id = lost.id
                  returning i.id, i.owner_handle, i.handle, i.owner_id, key_lost, headers_lost)
                select id, owner_handle, handle, owner_id, key_lost, headers_lost
                from cleared
                order by id
                """)
            .param("key", key.value())
            .param("after", after.instance())
            .param("rows", rows)
            .param("now", Parameters.at(now))
            .query(CLEARED)
            .list();
    return new SealedValueBatch<>(
        cleared,
        cleared.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Position(Table.INSTANCES, cleared.getLast().instance().value(), NOBODY)));
  }
}
