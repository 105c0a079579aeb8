package io.claviger.imports.shared;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What came from the source until now, for the making of more. */
public interface Arrivals {
  Instant now();

  UUID nextId();

  /** The id here of something that came, now or earlier, or was found here. */
  Optional<UUID> find(ImportedKind kind, String id);

  /** The id here of something that {@link Incoming#needed} names. */
  default UUID require(ImportedKind kind, String id) {
    return find(kind, id).orElseThrow();
  }

  /** Adds a remark about something that comes, or about a part of it that is left out. */
  void addRemark(ImportedKind kind, String label, ReportReason reason, String detail);
}
