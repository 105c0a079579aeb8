package io.claviger.application.gateway;

import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A change feed that counts its reads and can be made unavailable or slow. */
final class UnreliableChangeFeed implements ChangeFeed {
  final List<OptionalLong> asked = new ArrayList<>();
  boolean away;
  boolean slow;
  Runnable afterReading = () -> {};
  private final ChangeFeed changes;

  UnreliableChangeFeed(ChangeFeed changes) {
    this.changes = changes;
  }

  @Override
  public Since since(OptionalLong point) {
    asked.add(point);
    if (away) {
      throw new StoreUnavailable(new SQLException("away"));
    }
    if (slow) {
      throw new QueryTimeout(new SQLException("slow"));
    }
    Since since = changes.since(point);
    afterReading.run();
    return since;
  }
}
