package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The stored API keys and custom headers of services. The sealed key and the sealed headers of a
 * row are written together.
 */
final class SealedInstances extends SealedTable {
  private static final Statements STATEMENTS =
      new Statements(
          """
          select id, owner_id, owner_handle, handle, endpoint, key_method, key_field,
            credential_kind, credential_settings, given_credential, sent_settings, api_key_sealed,
            headers_sealed
          from (
            select i.id, i.owner_id, i.owner_handle, i.handle, i.endpoint, a.key_method, a.key_field,
              i.credential_kind, i.credential_settings, i.given_credential, i.sent_settings,
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
            where i.id > :instance
              and (i.api_key_sealed_under <> :key or i.headers_sealed_under <> :key)
            order by i.id
            limit :rows) f
          where bytes_before < :most_bytes
          order by id
          """,
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
          """,
          """
          with lost as (
            select id, api_key_sealed_under is not distinct from :key as key_lost,
              headers_sealed_under is not distinct from :key as headers_lost
            from instances
            where id > :instance
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
              headers_set_by = case when not headers_lost then i.headers_set_by end,
              custom_header_names =
                case when headers_lost then '{}' else i.custom_header_names end,
              version = i.version + 1, updated_at = greatest(i.updated_at, :now)
            from lost
            where i.id = lost.id
            returning i.id, i.owner_handle, i.handle, i.owner_id, key_lost, headers_lost)
          select id, owner_handle, handle, owner_id, key_lost, headers_lost
          from cleared
          order by id
          """);

  private final JdbcClient jdbc;

  SealedInstances(JdbcClient jdbc) {
    super(
        jdbc,
        Table.INSTANCES,
        STATEMENTS,
        SealedInstances::values,
        row -> cleared(row, row.flag("key_lost"), row.flag("headers_lost"), Optional.empty()));
    this.jdbc = jdbc;
  }

  /** Reads the sealed columns of a row, except those that are null. */
  private static List<StoredValue> values(Row row) throws SQLException {
    List<StoredValue> values = new ArrayList<>(2);
    Optional<byte[]> apiKey = row.optionalBytes("api_key_sealed");
    if (apiKey.isPresent()) {
      values.add(ofCredential(row, apiKey.get()));
    }
    Optional<byte[]> headers = row.optionalBytes("headers_sealed");
    if (headers.isPresent()) {
      values.add(ofService(row, Kind.INSTANCE_HEADERS, Optional.empty(), headers.get()));
    }
    return values;
  }

  /** The old and new values of both columns of a row. A value is null if its column is null. */
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
  int replace(List<Replacement> replacements) {
    Map<UUID, Both> rows = new LinkedHashMap<>();
    replacements.forEach(
        one -> rows.computeIfAbsent(one.old().instance().value(), id -> new Both()).set(one));
    if (rows.isEmpty()) {
      return 0;
    }
    return jdbc
        .sql(STATEMENTS.replace())
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
}
