package io.claviger.imports.shared;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What was imported from the source so far; making further things needs this. */
public interface Arrivals {
  Instant now();

  UUID nextId();

  /**
   * The id in Claviger of something that this or an earlier run imported, or that was found there.
   */
  Optional<UUID> find(ImportedKind kind, String id);

  /** The id here of something that {@link Incoming#needed} names. */
  default UUID require(ImportedKind kind, String id) {
    return find(kind, id).orElseThrow();
  }

  /** Adds a remark about something that is imported, or about a part of it that is left out. */
  void addRemark(ImportedKind kind, String label, ReportReason reason, String detail);
}
