package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.UUID;

/**
 * What an actor may see, as far as a store needs it to leave out hidden rows. If a store returned a
 * hidden row and the use case then refused it, the refusal would take longer than for a missing
 * row, and so reveal that the row exists. The rules are in the domain, and use cases still ask
 * them: a store never leaves out what can be seen, but may find more.
 *
 * @param everything whether the actor sees all as an administrator
 * @param only the id of the one service or project that the actor's token allows; empty for all
 * @param expired whether services count that the actor saw by a share which has expired
 */
public record Sight(User.Id viewer, boolean everything, Optional<UUID> only, boolean expired) {
  /** Finds everything. */
  public static Sight ofEverything(User.Id viewer) {
    return new Sight(viewer, true, Optional.empty(), true);
  }

  /** The same with the services that the actor saw by a share which has expired. */
  public Sight withExpired() {
    return new Sight(viewer, everything, only, true);
  }
}
