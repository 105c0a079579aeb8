package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.UUID;

/**
 * The data about an actor with which a store can leave out the rows that the actor can't see. If a
 * store returned a hidden row and the use case then refused the action, the refusal would take
 * longer than for a missing row. The longer time would reveal that the row exists. The rules for
 * what an actor sees are in the domain. Use cases still apply these rules, because a store might
 * return some hidden rows. A store never leaves out visible rows.
 *
 * @param everything whether the actor sees everything as an administrator
 * @param only the id of the service or project to which the actor's token is restricted; empty if
 *     the token has no such restriction
 * @param expired whether to include services that the actor could see by a share that has expired
 */
public record Sight(User.Id viewer, boolean everything, Optional<UUID> only, boolean expired) {
  /** Returns the sight of a viewer who sees everything. */
  public static Sight ofEverything(User.Id viewer) {
    return new Sight(viewer, true, Optional.empty(), true);
  }

  /**
   * Returns a copy of this sight that includes services for which the actor has an expired share.
   */
  public Sight withExpired() {
    return new Sight(viewer, everything, only, true);
  }
}
