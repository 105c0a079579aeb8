package io.claviger.application.standards.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import java.util.List;
import java.util.Optional;

public interface ApiStandardStore {
  Optional<ApiStandard> find(Handle handle);

  /**
   * Locks a standard exclusively. Until the transaction ends, no other transaction can add a
   * reference to the standard.
   */
  Optional<ApiStandard> lock(Handle handle);

  /**
   * Finds a standard and locks it against changes until the transaction ends. Several transactions
   * can hold this lock on the same standard at the same time.
   */
  Optional<ApiStandard> hold(Handle handle);

  /** Lists standards by handle. */
  List<ApiStandard> list(Optional<Handle> after, int limit);

  /** Returns whether a definition or an instance uses the standard. */
  boolean isInUse(Handle handle);

  /**
   * Stores a new standard.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the handle is taken
   */
  void insert(ApiStandard standard);

  void update(ApiStandard standard);

  /**
   * Deletes a standard.
   *
   * @throws io.claviger.application.shared.StillReferenced if a definition or an instance uses the
   *     standard
   */
  void delete(Handle handle);
}
