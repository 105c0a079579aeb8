package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.definitions.KnownEndpoints;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.standards.StandardRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/** Reads sealed values together with the data that they are cryptographically bound to. */
final class SealedRows {
  /** Reads those sealed columns of an instance's row that are not null. */
  static final RowMapper<List<StoredValue>> OF_INSTANCE = (rs, n) -> ofInstance(Row.of(rs));

  static final RowMapper<StoredValue> OF_USER =
      (rs, n) -> {
        Row row = Row.of(rs);
        return standing(
            row,
            Kind.USER_KEY,
            Optional.of(new User.Id(row.uuid("user_id"))),
            row.optionalText("user_handle").map(Handle::new),
            row.bytes("api_key_sealed"));
      };

  private SealedRows() {}

  static Instance.Ref ref(Row row) throws SQLException {
    return new Instance.Ref(new Handle(row.text("owner_handle")), new Handle(row.text("handle")));
  }

  private static List<StoredValue> ofInstance(Row row) throws SQLException {
    List<StoredValue> standing = new ArrayList<>(2);
    Optional<byte[]> apiKey = row.optionalBytes("api_key_sealed");
    if (apiKey.isPresent()) {
      standing.add(
          standing(row, Kind.INSTANCE_API_KEY, Optional.empty(), Optional.empty(), apiKey.get()));
    }
    Optional<byte[]> headers = row.optionalBytes("headers_sealed");
    if (headers.isPresent()) {
      standing.add(
          standing(row, Kind.INSTANCE_HEADERS, Optional.empty(), Optional.empty(), headers.get()));
    }
    return standing;
  }

  private static StoredValue standing(
      Row row, Kind kind, Optional<User.Id> user, Optional<Handle> holder, byte[] value)
      throws SQLException {
    Instance.Id instance = new Instance.Id(row.uuid("id"));
    return new StoredValue(
        kind,
        instance,
        user,
        ref(row),
        holder,
        destination(row).map(d -> new KeyBinding(kind, instance, user, d)),
        new SealedValue(value));
  }

  /** Empty if the endpoint or key placement is invalid: somebody changed it without Claviger. */
  private static Optional<Destination> destination(Row row) throws SQLException {
    try {
      return Optional.of(
          new Destination(KnownEndpoints.of(row.text("endpoint")), StandardRows.placement(row)));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
