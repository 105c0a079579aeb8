package io.claviger.application.fakes;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TransientFailure;
import java.util.List;

/** One failure of each kind from which a database recovers. */
public final class TransientFailures {
  private TransientFailures() {}

  public static List<TransientFailure> all() {
    IllegalStateException cause = new IllegalStateException("fails");
    return List.of(
        new StoreUnavailable(cause),
        new QueryTimeout(cause),
        new ConcurrencyConflict(ConcurrencyConflict.How.NOT_SERIALIZABLE, cause));
  }
}
