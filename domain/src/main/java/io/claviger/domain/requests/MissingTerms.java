package io.claviger.domain.requests;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.util.Arrays;
import java.util.Optional;

/**
 * The terms that a refused user lacks, and that a share of the service could give.
 *
 * @param service the service, which the user can see
 */
public record MissingTerms(Instance.Id service, RequestedTerms terms) {

  /**
   * Returns the lowest role that would allow an action.
   *
   * @param relationship the refused user's relationship to the service
   * @return empty if the user may already take the action, if no role would allow it, or if the
   *     user can't see the service or get a share of it
   */
  public static Optional<MissingTerms> role(
      Instance.Id service, Relationship relationship, Action action) {
    boolean lendable =
        Permissions.allows(relationship, Action.SEE)
            && !isAllowed(Permissions.may(relationship, action))
            && !relationship.owningUser()
            && !relationship.systemLevel();
    return Arrays.stream(Role.values())
        .filter(role -> lendable && !isHeld(relationship, role))
        .filter(role -> allows(role, action))
        .findFirst()
        .map(role -> new MissingTerms(service, RequestedTerms.of(role)));
  }

  private static boolean isHeld(Relationship relationship, Role role) {
    return relationship.role().filter(held -> held.atLeast(role)).isPresent();
  }

  private static boolean allows(Role role, Action action) {
    return isAllowed(
        Permissions.may(new Relationship(false, Optional.of(role), false, false), action));
  }

  private static boolean isAllowed(Permission permission) {
    return permission == Permission.GRANTED || permission == Permission.WITHIN_OWN_BOUNDS;
  }
}
