package io.claviger.imports.shared;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The things imported from the source so far. Further things can refer to the imported things. */
public interface Arrivals {
  Instant now();

  UUID nextId();

  /**
   * Returns the Claviger id of a thing that this or an earlier import created, or that existed
   * before; empty if there is no such thing.
   */
  Optional<UUID> find(ImportedKind kind, String id);

  /** Returns the Claviger id of a thing in {@link Incoming#needed}. */
  default UUID require(ImportedKind kind, String id) {
    return find(kind, id).orElseThrow();
  }

  /**
   * Adds a remark to the report about an imported thing, or about a part of it that is left out.
   */
  void addRemark(ImportedKind kind, String label, ReportReason reason, String detail);
}
