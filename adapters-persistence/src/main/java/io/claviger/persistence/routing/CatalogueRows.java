package io.claviger.persistence.routing;

import io.claviger.domain.CreationOrder;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Collects the entries of the catalogue from rows that have one target each, in any order. */
final class CatalogueRows {
  private static final Comparator<Entry> OLDEST_FIRST =
      CreationOrder.of(Entry::createdAt, Entry::id);

  private final Map<UUID, Entry> entries = new HashMap<>();

  private record Entry(
      UUID id,
      Instant createdAt,
      WireFormat format,
      String name,
      FailureMode onFailure,
      Map<Integer, ModelTarget> targets) {}

  /** Adds the target of a row, if it has one. */
  void add(Row row, InstanceId service) throws SQLException {
    if (!row.has("model_id")) {
      return;
    }
    Entry entry = entries.get(row.uuid("model_id"));
    if (entry == null) {
      entry =
          new Entry(
              row.uuid("model_id"),
              row.instant("created_at"),
              WireFormat.of(row.text("format")),
              row.text("name"),
              FailureMode.of(row.text("on_failure")),
              new TreeMap<>());
      entries.put(entry.id(), entry);
    }
    entry
        .targets()
        .put(row.number("position"), new ModelTarget(service, new ModelName(row.text("model"))));
  }

  /** The entries, the oldest first. */
  List<CatalogueName> names() {
    return entries.values().stream()
        .sorted(OLDEST_FIRST)
        .map(
            entry ->
                new CatalogueName(
                    entry.format(),
                    entry.name(),
                    List.copyOf(entry.targets().values()),
                    entry.onFailure()))
        .toList();
  }
}
