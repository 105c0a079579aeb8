package io.claviger.application.gateway.port;

import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Lists the changes of the users, instances and projects that calls depend on. The changes of all
 * nodes are listed in the order of their commits. So a reader who has read the list up to a point
 * has missed no earlier change.
 */
public interface ChangeFeed {
  /**
   * Reads the changes after the given point of the list.
   *
   * @param point the position up to which the reader knows all changes; empty if the reader has
   *     read nothing yet
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer in
   *     time
   */
  Since since(OptionalLong point);

  /**
   * The changes after a point of the list.
   *
   * @param point the position in the feed up to which all changes are now known
   * @param subjects the ids of the changed users, instances and projects
   * @param everything whether there were too many changes to list, so that everything counts as
   *     changed
   */
  record Since(long point, Set<UUID> subjects, boolean everything) {
    public Since {
      subjects = Set.copyOf(subjects);
    }
  }
}
