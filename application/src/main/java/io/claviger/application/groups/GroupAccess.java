package io.claviger.application.groups;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupPermissions;
import java.util.Optional;

/** Refuses an action on a group if the actor has no right to this action. */
final class GroupAccess {
  private GroupAccess() {}

  static void demandMayCreate(Actor actor) {
    if (!GroupPermissions.allows(actor.administrator(), Optional.empty(), GroupAction.CREATE)) {
      throw RefusedException.forbidden("Only administrators create groups.");
    }
  }

  static void demandMay(Actor actor, GroupStore.VisibleGroup seen, GroupAction action) {
    if (!GroupPermissions.allows(actor.administrator(), seen.role(), action)) {
      throw RefusedException.forbidden("Your role in this group does not allow this.");
    }
  }

  /** Checks the right to change a group. Nobody may change a synced group. */
  static void demandMayChange(Actor actor, GroupStore.VisibleGroup seen, GroupAction action) {
    demandMay(actor, seen, action);
    if (!GroupPermissions.isKeptHere(seen.group().kind())) {
      throw RefusedException.conflict(
          "synced", "This group follows the identity provider. Change it there.");
    }
  }
}
