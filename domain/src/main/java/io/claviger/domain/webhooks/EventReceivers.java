package io.claviger.domain.webhooks;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.groups.Group;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which webhooks get messages about an event. Nobody gets a message about a thing that they
 * may not see. The webhook of {@code _system} is the installation's webhook. The messages to this
 * webhook are for administrators, who may read the audit trail and see the ages of all keys.
 *
 * <p>No other code decides this, except the database's function {@code budget_crossed}, which
 * repeats the rules. The database's function writes messages in the transaction that charges a
 * budget. A test compares the receivers that {@code budget_crossed} chooses with {@link #ofBudget}.
 */
public final class EventReceivers {
  private EventReceivers() {}

  /**
   * The users and groups who are involved in an event.
   *
   * @param owner the owning user of the service, or the user of the token
   * @param concerned the user whom the event concerns. The concerned user is the user who made a
   *     request, the receiver of an offer, or the holder of a share that ends. The concerned user
   *     can also be the user whose own key is rejected, or who became an administrator or stopped
   *     being an administrator
   * @param holders the holders of unexpired shares of the service
   * @param responsible if the token belongs to a service account, the user who is responsible for
   *     this account
   */
  public record Parties(
      Optional<User.Id> owner,
      Optional<GranteeId> concerned,
      List<Holder> holders,
      List<User.Id> responsible) {
    public Parties {
      holders = List.copyOf(holders);
      responsible = List.copyOf(responsible);
    }

    public Parties(Optional<User.Id> owner, Optional<GranteeId> concerned, List<Holder> holders) {
      this(owner, concerned, holders, List.of());
    }

    public static Parties concerned(GranteeId whom) {
      return new Parties(Optional.empty(), Optional.of(whom), List.of());
    }

    public static Parties owner(User.Id owner) {
      return new Parties(Optional.of(owner), Optional.empty(), List.of());
    }
  }

  /** A user or group that holds a share of a service. */
  public record Holder(GranteeId grantee, Role role) {}

  /** Returns the receivers of a message about the event. */
  public static Set<GranteeId> of(EventType type, Parties parties) {
    Set<GranteeId> told = new LinkedHashSet<>();
    switch (type) {
      case REQUEST_CREATED -> {
        parties.owner().ifPresent(told::add);
        addHolders(told, parties, Action.SHARE);
      }
      case REQUEST_GRANTED, TRANSFER_OFFERED, WEBHOOK_TEST ->
          parties.concerned().ifPresent(told::add);
      case KEY_REJECTED, KEY_OLD, CREDENTIAL_FAILED -> {
        if (parties.concerned().isPresent()) {
          // If the key is a user's own key, only this user gets the message.
          told.add(parties.concerned().get());
        } else {
          parties.owner().ifPresent(told::add);
          addHolders(told, parties, Action.SET_KEY);
          told.add(User.Id.SYSTEM);
        }
      }
      case SHARE_EXPIRING -> {
        parties.concerned().ifPresent(told::add);
        parties.owner().ifPresent(told::add);
      }
      case ADMINISTRATOR_CHANGED -> {
        parties.concerned().ifPresent(told::add);
        told.add(User.Id.SYSTEM);
      }
      case TOKEN_LEAKED, TOKEN_BOUND -> {
        parties.owner().ifPresent(told::add);
        told.addAll(parties.responsible());
        told.add(User.Id.SYSTEM);
      }
      case BILL_DIFFERS -> parties.owner().ifPresent(told::add);
      case BUDGET_CROSSED ->
          throw new IllegalArgumentException(
              "ofBudget decides who gets messages of the type " + type.wireName());
    }
    return told;
  }

  /**
   * Returns who gets the message that the use of a budget has reached a threshold. The receivers
   * are the users whose use counts against the budget, and the lenders. If administrators set the
   * budget, the installation's webhook also gets the message.
   *
   * @param owner the owning user of the service, project or token; empty if the budget belongs to
   *     none of them
   * @param managers the managers of the group, if the budget is for all members of a group
   *     together; otherwise empty
   */
  public static Set<GranteeId> ofBudget(
      BudgetHolder holder, Optional<User.Id> owner, List<User.Id> managers) {
    Set<GranteeId> told = new LinkedHashSet<>();
    switch (holder.kind()) {
      case SERVICE_CALLER, PROJECT_CALLER -> {
        owner.ifPresent(told::add);
        holder.user().map(User.Id::new).ifPresent(told::add);
      }
      case SERVICE_GROUP, SERVICE, TOKEN -> owner.ifPresent(told::add);
      case USER, GROUP_MEMBER, GROUP_OWNER -> {
        holder.user().map(User.Id::new).ifPresent(told::add);
        told.add(User.Id.SYSTEM);
      }
      case GROUP -> {
        holder.group().map(Group.Id::new).ifPresent(told::add);
        told.addAll(managers);
        told.add(User.Id.SYSTEM);
      }
    }
    return told;
  }

  private static void addHolders(Set<GranteeId> told, Parties parties, Action action) {
    parties.holders().stream()
        .filter(holder -> mayDo(holder, action))
        .map(Holder::grantee)
        .forEach(told::add);
  }

  private static boolean mayDo(Holder holder, Action action) {
    Permission permission =
        Permissions.may(new Relationship(false, Optional.of(holder.role()), false, false), action);
    return permission == Permission.GRANTED || permission == Permission.WITHIN_OWN_BOUNDS;
  }
}
