package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.shared.Actor;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.transfers.TransferPermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * The actions that the viewer may take on a service. Pages offer only these actions.
 *
 * @param mayAsk whether the service has an owner from whom the viewer can request more rights
 * @param mayOffer whether the viewer can offer the service to another owner
 * @param seeFormer whether the viewer can see and end the former references of the service
 */
public record ServiceRights(
    Set<Action> granted, boolean mayAsk, boolean mayOffer, boolean seeFormer) {
  public ServiceRights {
    granted = Set.copyOf(granted);
  }

  /** Returns the rights of a user on a service that the user sees. */
  public static ServiceRights of(Actor actor, InstanceView view) {
    Relationship relationship =
        Relationship.of(
            actor.id(),
            actor.administrator(),
            view.instance().owner(),
            view.instance().audience(),
            view.role());
    Set<Action> granted = EnumSet.noneOf(Action.class);
    for (Action action : Action.values()) {
      if (isGranted(Permissions.may(relationship, action), action)
          && (action == Action.USE || actor.mayManage())) {
        granted.add(action);
      }
    }
    return new ServiceRights(
        granted,
        actor.mayManage() && !relationship.owningUser() && !relationship.systemLevel(),
        actor.mayManage()
            && TransferPermissions.mayOffer(
                relationship.owningUser(), actor.administrator(), false),
        actor.mayManage() && (relationship.owningUser() || actor.administrator()));
  }

  private static boolean isGranted(Permission permission, Action action) {
    return permission == Permission.GRANTED
        || (action == Action.SHARE && permission == Permission.WITHIN_OWN_BOUNDS);
  }

  /** Whether the viewer can ask the owner for more rights. */
  public boolean canAskForMore() {
    return mayAsk;
  }

  /**
   * Whether the viewer can enable or disable the service, offer it to another owner, see its former
   * references, or delete it.
   */
  public boolean hasMore() {
    return enable() || mayOffer || seeFormer || delete();
  }

  public boolean use() {
    return granted.contains(Action.USE);
  }

  public boolean lend() {
    return granted.contains(Action.SHARE);
  }

  public boolean seeShares() {
    return granted.contains(Action.SEE_SHARES);
  }

  public boolean describe() {
    return granted.contains(Action.DESCRIBE);
  }

  public boolean configure() {
    return granted.contains(Action.CONFIGURE);
  }

  public boolean budgetInAll() {
    return granted.contains(Action.BUDGET_IN_ALL);
  }

  public boolean setPrices() {
    return granted.contains(Action.SET_PRICES);
  }

  public boolean seeBill() {
    return granted.contains(Action.SEE_BILL);
  }

  public boolean setInvoices() {
    return granted.contains(Action.SET_INVOICES);
  }

  public boolean setBilling() {
    return granted.contains(Action.SET_BILLING);
  }

  public boolean enable() {
    return granted.contains(Action.SWITCH);
  }

  public boolean setKey() {
    return granted.contains(Action.SET_KEY);
  }

  /** Whether the viewer may confirm where a credential without a secret is used. */
  public boolean confirm() {
    return granted.contains(Action.CONFIRM_DESTINATION);
  }

  public boolean clearKey() {
    return granted.contains(Action.CLEAR_KEY);
  }

  public boolean delete() {
    return granted.contains(Action.DELETE);
  }
}
