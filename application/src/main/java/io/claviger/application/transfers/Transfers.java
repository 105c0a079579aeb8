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
 * Offers services and projects to other users, who accept or decline the offers. Nobody becomes an
 * owner without having accepted the offer.
 *
 * <p>The giver, the receiver and administrators see a transfer. For anybody else, the answer is
 * {@code not_found}. All methods refuse a token of scope {@code use} with {@code forbidden}. If a
 * transfer was accepted, declined or withdrawn, or has expired, changing it is refused with the
 * conflict {@code not_open}.
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
        new OfferValidator(users, transfers, instances, projects),
        new Acceptance(owners, moved),
        changes);
  }

  /**
   * Offers services and projects of one owner to another user. The offer can be accepted within
   * {@link Transfer#OPEN_FOR}.
   *
   * <p>Only the owner can offer the items. If the owner is suspended, an administrator can offer
   * the items. Anybody else who sees the items is refused with {@code forbidden}. The offer is
   * invalid if it has no items or too many items, or if an item occurs twice or is unknown. The
   * offer is also invalid if the items do not all have the same owner. The offer is also invalid if
   * the receiver is unknown, suspended, a service account, {@code _system} or the owner. If an item
   * is in another open offer, the answer is the conflict {@code already_offered}. If the giver has
   * too many open transfers, the answer is the conflict {@code quota_exceeded}.
   */
  Outcome<Transfer> offer(Actor actor, TransferOffer offer);

  /**
   * Makes an offer to which other users have consented. The requester's present rights apply. The
   * audit trail records the transfer as a transfer with consent. This method runs in the caller's
   * transaction.
   *
   * @param image the text of the offer
   * @throws io.claviger.application.shared.RefusedException if the offer can no longer be made
   */
  void offerConsented(ChangeLog log, Actor asker, Approval approval, String image);

  /**
   * Lists the transfers that the actor offered or was offered, ordered by the time of the offer,
   * then id.
   */
  Outcome<Page<Transfer, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /** Lists the open offers to the actor, oldest first, at most {@link PageRequest#MAX_LIMIT}. */
  Outcome<List<Transfer>> openTo(Actor actor);

  /**
   * Lists the open offers of a giver's services and projects, oldest first, at most {@link
   * PageRequest#MAX_LIMIT}. Only the giver and administrators see this list; for anybody else, the
   * answer is {@code not_found}.
   */
  Outcome<List<Transfer>> openOf(Actor actor, User.Id giver);

  Outcome<Transfer> find(Actor actor, Transfer.Id id);

  /**
   * Accepts an offer. Only its receiver can accept an offer. Either all items get the new owner, or
   * no item does.
   *
   * <p>Sealed keys stay unchanged. Shares that the giver gave remain, and are recorded as given by
   * the receiver. The receiver's own shares of the items end. Shares that the receiver gave as a
   * co-owner remain too, and are recorded as given by the receiver in the role of the owner. After
   * the transfer, the giver needs a share to use the services.
   *
   * <p>Anybody else is refused with {@code forbidden}. For each item whose handle is not free for
   * the receiver, the acceptance is invalid with {@code handle_taken} or {@code handle_reserved}.
   * If members of a project would gain access to a service of the receiver and the receiver has not
   * agreed, the acceptance is invalid with {@code members_gain_access}. If an item was deleted or
   * no longer belongs to the giver, the answer is the conflict {@code offer_changed}. The answer is
   * the same if an administrator made the offer and the giver is no longer suspended. If members of
   * a project could no longer use its service, the answer is the conflict {@code
   * members_lose_access}. If an item has too many former references, the answer is the conflict
   * {@code moved_too_often}. If the receiver would exceed a quota, the answer is the conflict
   * {@code quota_exceeded}.
   *
   * @param lends for each project, the service that the receiver agrees to lend to all members of
   *     the project; projects and services are named by their present references
   */
  Outcome<Transfer> accept(
      Actor actor, Transfer.Id id, NewHandles handles, Map<Project.Ref, Instance.Ref> lends);

  /** Accepts an offer without agreeing to lend services to members of projects. */
  default Outcome<Transfer> accept(Actor actor, Transfer.Id id, NewHandles handles) {
    return accept(actor, id, handles, Map.of());
  }

  /**
   * Declines an offer. Only its receiver can decline an offer. Anybody else is refused with {@code
   * forbidden}.
   */
  Outcome<Transfer> decline(Actor actor, Transfer.Id id);

  /**
   * Withdraws an offer. Only its giver and administrators can withdraw an offer. The receiver is
   * refused with {@code forbidden}.
   */
  Outcome<Transfer.Id> withdraw(Actor actor, Transfer.Id id);

  /**
   * The content of an offer.
   *
   * @param to the user who gets the offer
   */
  record TransferOffer(List<Instance.Ref> services, List<Project.Ref> projects, Handle to) {
    public TransferOffer {
      services = List.copyOf(services);
      projects = List.copyOf(projects);
    }

    /**
     * Returns the offer as text.
     *
     * @param receiver the id of the user who has the handle {@link #to} when the offer is made
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
     * Reads the receiver's id from a text that {@link #text} returned; empty if the text lacks this
     * id because an earlier version wrote it.
     */
    static Optional<User.Id> receiver(String text) {
      String[] parts = text.split(" ", -1);
      return parts.length > 3
          ? Optional.of(new User.Id(UUID.fromString(parts[3])))
          : Optional.empty();
    }

    /** Reads an offer from a text that {@link #text} returned. */
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
   * Maps the present references of items to the new handles of these items. All other items keep
   * their handles.
   */
  record NewHandles(Map<Instance.Ref, Handle> services, Map<Project.Ref, Handle> projects) {
    public static final NewHandles NONE = new NewHandles(Map.of(), Map.of());

    public NewHandles {
      services = Map.copyOf(services);
      projects = Map.copyOf(projects);
    }
  }
}
