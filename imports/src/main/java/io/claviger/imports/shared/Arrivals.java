package io.claviger.imports.shared;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The things that have been imported from the source so far; further things may refer to them. */
public interface Arrivals {
  Instant now();

  UUID nextId();

  /**
   * Returns the id in Claviger of a thing that this import or an earlier one has created, or that
   * existed before; empty if there is no such thing.
   */
  Optional<UUID> find(ImportedKind kind, String id);

  /** Returns the id in Claviger of a thing that {@link Incoming#needed} names. */
  default UUID require(ImportedKind kind, String id) {
    return find(kind, id).orElseThrow();
  }

  /**
   * Adds a remark to the report about a thing that is imported, or about a part of it that is left
   * out.
   */
  void addRemark(ImportedKind kind, String label, ReportReason reason, String detail);
}
