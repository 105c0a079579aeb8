package io.claviger.application.standards.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import java.util.List;
import java.util.Optional;

/** All API standards. */
public interface ApiStandardStore {
  Optional<ApiStandard> find(Handle handle);

  /**
   * Finds a standard and locks it for changing: nobody begins to use it until the transaction ends.
   */
  Optional<ApiStandard> lock(Handle handle);

  /** Finds a standard and keeps it as it is until the transaction ends; others may do the same. */
  Optional<ApiStandard> hold(Handle handle);

  /** By handle. */
  List<ApiStandard> list(Optional<Handle> after, int limit);

  /** Whether a definition or an instance uses it. */
  boolean isInUse(Handle handle);

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken
   */
  void insert(ApiStandard standard);

  void update(ApiStandard standard);

  /**
   * @throws io.claviger.application.shared.StillReferenced when a definition or an instance uses it
   */
  void delete(Handle handle);
}
