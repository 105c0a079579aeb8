package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.UUID;

/**
 * The facts about an actor that a store needs to leave out rows that the actor can't see. Suppose
 * that a store returned a hidden row, and the use case then refused the action. This refusal would
 * take longer than the refusal for a missing row, and would thereby reveal that the row exists. The
 * domain contains the rules for what an actor sees, and use cases still have to apply these rules,
 * because a store may return hidden rows. A store never leaves out visible rows.
 *
 * @param everything whether the actor sees everything because the actor is an administrator
 * @param only the id of the only service or project that the actor's token allows; empty if the
 *     token allows all services and projects
 * @param expired whether to include services that the actor saw by a share that has expired
 */
public record Sight(User.Id viewer, boolean everything, Optional<UUID> only, boolean expired) {
  /** Returns the sight of a viewer who sees everything. */
  public static Sight ofEverything(User.Id viewer) {
    return new Sight(viewer, true, Optional.empty(), true);
  }

  /** Returns the same sight, including services that the actor saw by a share that has expired. */
  public Sight withExpired() {
    return new Sight(viewer, everything, only, true);
  }
}
