package io.claviger.imports.shared;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.imports.shared.Incoming.Needed;
import java.util.List;
import java.util.Optional;

/**
 * The owner of an imported thing.
 *
 * @param user the user's id in the source; empty if the thing belongs to {@code _system}
 */
public record IncomingOwner(Optional<String> user) {
  /**
   * The owner as a user of Claviger.
   *
   * @param handle the owner's present handle in Claviger
   */
  record Here(User.Id id, Handle handle) {
    boolean isSystem() {
      return id.equals(User.Id.SYSTEM);
    }
  }

  /** Returns the things that have to exist before this owner's things can be created. */
  public List<Needed> needed() {
    return user.map(id -> List.of(new Needed(ImportedKind.USER, id, ReportReason.OWNER_MISSING)))
        .orElse(List.of());
  }

  Here find(TargetStores stores, Arrivals arrivals) {
    return user.map(id -> arrivals.require(ImportedKind.USER, id))
        .map(id -> new Here(new User.Id(id), stores.handleOf(ImportedKind.USER, id)))
        .orElse(new Here(User.Id.SYSTEM, Handle.SYSTEM));
  }
}
