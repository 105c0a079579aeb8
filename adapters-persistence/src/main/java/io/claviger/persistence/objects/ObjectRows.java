package io.claviger.persistence.objects;

import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Reads rows of the ledger, each of which describes an object that a provider stores. */
final class ObjectRows {
  static final Columns COLUMNS =
      Columns.of(
          "service_id",
          "kind",
          "object_id",
          "holder_user_id",
          "holder_project_id",
          "maker_id",
          "made_with",
          "made_at",
          "expires_at",
          "bytes",
          "state",
          "parent",
          "purpose");

  private ObjectRows() {}

  static ProviderObject object(Row row) throws SQLException {
    return new ProviderObject(
        row.uuid("service_id"),
        name(row),
        holder(row),
        row.uuid("maker_id"),
        Set.copyOf(row.uuids("made_with")),
        row.instant("made_at"),
        row.optionalInstant("expires_at"),
        row.bigNumber("bytes"),
        row.constant("state", ObjectState.class),
        row.optionalText("parent").filter(parent -> !parent.equals(ObjectLedger.UNLISTED)),
        row.optionalText("purpose"));
  }

  static ObjectName name(Row row) throws SQLException {
    return new ObjectName(row.constant("kind", ObjectKind.class), row.text("object_id"));
  }

  private static Optional<ObjectHolder> holder(Row row) throws SQLException {
    Optional<ObjectHolder> user = row.optionalUuid("holder_user_id").map(ObjectHolder::user);
    return user.isPresent()
        ? user
        : row.optionalUuid("holder_project_id").map(ObjectHolder::project);
  }
}
