package io.claviger.application.transfers;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Offers services and projects to other users, who accept or decline the offer. Users receive only
 * things that they have accepted.
 *
 * <p>The giver, the receiver and administrators see a transfer; for anybody else the answer is
 * {@code not_found}. With a token of scope use, all methods are refused with {@code forbidden}. A
 * change to a transfer that was accepted, declined or withdrawn, or that has expired, is refused as
 * a conflict with {@code not_open}.
 */
public interface Transfers {
  static Transfers of(
      TransferStore transfers,
      OwnerChanges owners,
      MovedReferences moved,
      UserStore users,
      Instances instances,
      Projects projects,
      AuditedChanges changes) {
    return new TransferUseCases(
        instances,
        transfers,
        new OfferValidator(users, instances, projects),
        new Acceptance(owners, moved),
        changes);
  }

  /**
   * Offers services and projects of one owner to another user, for {@link Transfer#OPEN_FOR}.
   *
   * <p>Only the owner of services and projects can offer them, or an administrator if the owner is
   * suspended. Anybody else who sees the services and projects is refused with {@code forbidden}.
   * Refused as invalid when there are no items or too many items, when an item is named twice or is
   * unknown, and when the items have several owners. Also refused as invalid when the receiver is
   * unknown, suspended, a service account, {@code _system} or the owner. Refused as a conflict with
   * {@code already_offered} when one of the items is in an open offer, and with {@code
   * quota_exceeded} when the giver has too many open transfers.
   */
  Outcome<Transfer> offer(Actor actor, TransferOffer offer);

  /**
   * Makes an offer that waited for consent, with the present rights of the user who requested it.
   * The transfer is recorded as a transfer to which the needed consent was given. This method runs
   * in the transaction of the caller.
   *
   * @param image the text of the offer
   * @throws io.claviger.application.shared.RefusedException when the offer is not possible any more
   */
  void offerConsented(ChangeLog log, Actor asker, Approval approval, String image);

  /** Lists the transfers that the actor offered or was offered, by time of the offer, then id. */
  Outcome<Page<Transfer, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  Outcome<Transfer> find(Actor actor, Transfer.Id id);

  /**
   * Accepts an offer; only its receiver may call this method. Either all items get the new owner,
   * or no item does.
   *
   * <p>Keys are not sealed again. Shares that the giver gave stay, and are recorded as given by the
   * receiver. The receiver's own shares of the items end. Shares that the receiver gave as a
   * co-owner are kept, and are recorded as given by the owner. After the transfer, the giver can
   * use the services only if a share allows this.
   *
   * <p>Anybody else is refused with {@code forbidden}. Refused as invalid with {@code handle_taken}
   * or {@code handle_reserved} for each item whose handle is not free for the receiver. Refused as
   * invalid with {@code members_gain_access} for each project through which members could newly use
   * a service of the receiver, unless the receiver has agreed. Refused as a conflict with {@code
   * offer_changed} when an item was deleted or no longer belongs to the giver. Refused as a
   * conflict with {@code members_lose_access} when members of a project could no longer use the
   * service behind the project. Refused as a conflict with {@code moved_too_often} when an item
   * already has too many former references, and with {@code quota_exceeded} when the receiver would
   * exceed a quota.
   *
   * @param lends for each project, the service that all members may use from then on by the
   *     agreement of the receiver; projects and services are named by their present references
   */
  Outcome<Transfer> accept(
      Actor actor, Transfer.Id id, NewHandles handles, Map<Project.Ref, Instance.Ref> lends);

  /** Accepts an offer without agreeing to let members of projects use more services. */
  default Outcome<Transfer> accept(Actor actor, Transfer.Id id, NewHandles handles) {
    return accept(actor, id, handles, Map.of());
  }

  /**
   * Declines an offer; only its receiver may call this method. Anybody else is refused with {@code
   * forbidden}.
   */
  Outcome<Transfer> decline(Actor actor, Transfer.Id id);

  /**
   * Withdraws an offer, as the giver or as an administrator. The receiver of the offer is refused
   * with {@code forbidden}.
   */
  Outcome<Transfer.Id> withdraw(Actor actor, Transfer.Id id);

  /**
   * What to offer.
   *
   * @param to the user to whom the items are offered
   */
  record TransferOffer(List<Instance.Ref> services, List<Project.Ref> projects, Handle to) {
    public TransferOffer {
      services = List.copyOf(services);
      projects = List.copyOf(projects);
    }

    /**
     * Returns the offer as text.
     *
     * @param receiver the id of the user who had the handle {@link #to} when the offer was made
     */
    String text(User.Id receiver) {
      return services.stream().map(Instance.Ref::toString).collect(Collectors.joining(","))
          + " "
          + projects.stream().map(Project.Ref::toString).collect(Collectors.joining(","))
          + " "
          + to
          + " "
          + receiver.value();
    }

    /**
     * Reads the receiver's id from a text that {@link #text} wrote; empty if an earlier version
     * wrote the text without the id.
     */
    static Optional<User.Id> receiver(String text) {
      String[] parts = text.split(" ", -1);
      return parts.length > 3
          ? Optional.of(new User.Id(UUID.fromString(parts[3])))
          : Optional.empty();
    }

    /** Reads an offer that {@link #text} wrote. */
    static TransferOffer of(String text) {
      String[] parts = text.split(" ", -1);
      return new TransferOffer(
          references(parts[0]).map(Instance.Ref::of).toList(),
          references(parts[1]).map(Project.Ref::of).toList(),
          new Handle(parts[2]));
    }

    private static Stream<String> references(String text) {
      return Stream.of(text.split(",", -1)).filter(each -> !each.isEmpty());
    }
  }

  /**
   * The new handles of items, each under the item's present reference. Items without a new handle
   * keep their handles.
   */
  record NewHandles(Map<Instance.Ref, Handle> services, Map<Project.Ref, Handle> projects) {
    public static final NewHandles NONE = new NewHandles(Map.of(), Map.of());

    public NewHandles {
      services = Map.copyOf(services);
      projects = Map.copyOf(projects);
    }
  }
}
