package io.claviger.application.gateway.port;

import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * What was changed, on any node, of what calls depend on: in the order of the commits, so that who
 * has read up to a point has missed nothing before it.
 */
public interface ChangeFeed {
  /**
   * @param point up to which all is known; empty to begin with
   * @throws io.claviger.application.shared.StoreUnavailable when it can't be asked in time
   */
  Since since(OptionalLong point);

  /**
   * @param point up to which all is known now
   * @param subjects the users, instances and projects that were changed, by id
   * @param everything more was changed than can be told one by one
   */
  record Since(long point, Set<UUID> subjects, boolean everything) {
    public Since {
      subjects = Set.copyOf(subjects);
    }
  }
}
