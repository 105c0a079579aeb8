package io.claviger.application.transfers;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferPermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Checks the items and the receiver of an offer, and locks them. */
final class OfferValidator {
  private final UserStore users;
  private final TransferStore transfers;
  private final Instances instances;
  private final Projects projects;

  OfferValidator(UserStore users, TransferStore transfers, Instances instances, Projects projects) {
    this.users = users;
    this.transfers = transfers;
    this.instances = instances;
    this.projects = projects;
  }

  /** The giver, the receiver and the items of an offer. */
  record TransferTerms(Transfer.Party from, Transfer.Party to, List<TransferItem> items) {}

  /** An offered item, with its owner. */
  private record OfferedItem(String pointer, TransferItem item, Transfer.Party owner) {}

  /**
   * @param waits whether to wait for other transactions that have locked an item
   * @throws RefusedException if an item can't be offered at all, or can't be offered to this user
   */
  TransferTerms terms(Actor actor, TransferOffer offer, boolean waits) {
    List<Fault> faults = new ArrayList<>();
    List<OfferedItem> found = found(actor, offer, faults);
    List<TransferItem> items = found.stream().map(OfferedItem::item).toList();
    // Nobody may make others wait for items that they may not offer.
    Optional<Transfer.Party> from =
        faults.isEmpty() ? Optional.of(owner(actor, found)) : Optional.empty();
    from.ifPresent(giver -> transfers.lockItems(items, giver.id(), waits));
    Optional<User> receiver = offer.to().isSystem() ? Optional.empty() : users.hold(offer.to());
    if (receiver.isEmpty()) {
      faults.add(
          offer.to().isSystem()
              ? Fault.notAllowed("to", "Nothing can be transferred to _system.")
              : Fault.unknownReference("to", "user"));
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    Transfer.Party giver = from.orElseThrow();
    User to = receiver.orElseThrow();
    demandCanReceive(giver, to);
    return new TransferTerms(giver, new Transfer.Party(to.id(), to.handle()), items);
  }

  private List<OfferedItem> found(Actor actor, TransferOffer offer, List<Fault> faults) {
    int count = offer.services().size() + offer.projects().size();
    if (count == 0 || count > Transfer.MOST_ITEMS) {
      throw RefusedException.invalid(
          new Fault(
              "",
              "invalid_value",
              "Name 1 to %d services and projects.".formatted(Transfer.MOST_ITEMS)));
    }
    List<OfferedItem> found = new ArrayList<>();
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < offer.services().size(); i++) {
      String pointer = "services/" + i;
      service(actor, offer.services().get(i), pointer)
          .ifPresentOrElse(
              item -> add(item, found, seen, faults),
              () -> faults.add(Fault.unknownReference(pointer, "service")));
    }
    for (int i = 0; i < offer.projects().size(); i++) {
      String pointer = "projects/" + i;
      project(actor, offer.projects().get(i), pointer)
          .ifPresentOrElse(
              item -> add(item, found, seen, faults),
              () -> faults.add(Fault.unknownReference(pointer, "project")));
    }
    return found;
  }

  private static void add(
      OfferedItem item, List<OfferedItem> found, Set<UUID> seen, List<Fault> faults) {
    if (!seen.add(item.item().id().orElseThrow())) {
      faults.add(Fault.notAllowed(item.pointer(), "This item is named twice."));
    } else if (item.owner().id().equals(User.Id.SYSTEM)) {
      faults.add(
          Fault.notAllowed(
              item.pointer(), "Services and projects of _system can't be transferred."));
    } else {
      found.add(item);
    }
  }

  private Optional<OfferedItem> service(Actor actor, Instance.Ref ref, String pointer) {
    return switch (instances.find(actor, ref)) {
      case Outcome.Done<InstanceView> done -> {
        Instance instance = done.value().instance();
        yield Optional.of(
            new OfferedItem(
                pointer,
                item(TransferItem.Kind.SERVICE, instance.id().value(), instance.ref().handle()),
                new Transfer.Party(instance.owner(), instance.ref().owner())));
      }
      case Outcome.Refused<InstanceView> refused -> Optional.empty();
    };
  }

  private Optional<OfferedItem> project(Actor actor, Project.Ref ref, String pointer) {
    return switch (projects.find(actor, ref)) {
      case Outcome.Done<ProjectView> done -> {
        Project project = done.value().project();
        yield Optional.of(
            new OfferedItem(
                pointer,
                item(TransferItem.Kind.PROJECT, project.id().value(), project.ref().handle()),
                new Transfer.Party(project.owner(), project.ref().owner())));
      }
      case Outcome.Refused<ProjectView> refused -> Optional.empty();
    };
  }

  private static TransferItem item(TransferItem.Kind kind, UUID id, Handle handle) {
    return new TransferItem(kind, Optional.of(id), handle, Optional.empty());
  }

  /** Returns the owner of the items. Refuses items that do not all have the same owner. */
  private Transfer.Party owner(Actor actor, List<OfferedItem> found) {
    Transfer.Party owner = found.get(0).owner();
    for (OfferedItem item : found) {
      if (!TransferPermissions.mayOffer(
          item.owner().id().equals(actor.id()),
          actor.administrator(),
          isSuspended(item.owner().handle()))) {
        throw RefusedException.forbidden(
            "Only the owning user can offer this item, or an administrator while the owning user is"
                + " suspended.");
      }
      if (!item.owner().equals(owner)) {
        throw RefusedException.invalid(
            Fault.notAllowed(
                item.pointer(),
                "The items belong to different users. Offer each user's items in a separate"
                    + " transfer."));
      }
    }
    return owner;
  }

  private boolean isSuspended(Handle handle) {
    return users.find(handle).filter(OfferValidator::suspended).isPresent();
  }

  /**
   * Checks that the right by which an open offer was made still exists. An administrator may make
   * an offer for an owner only while the owner is suspended. Until the transaction ends, the
   * suspension can't end.
   *
   * @throws RefusedException if an administrator made the offer, and the owner can act again
   */
  void demandStillOffered(Transfer open) {
    Transfer.Party owner = open.from();
    boolean byOwner = open.offeredBy().equals(Optional.of(owner.handle()));
    if (!byOwner
        && users
            .hold(owner.handle())
            .filter(u -> u.id().equals(owner.id()) && suspended(u))
            .isEmpty()) {
      throw RefusedException.conflict(
          "offer_changed",
          "An administrator made this offer while the owner was suspended. The owner is no"
              + " longer suspended, so ask the owner for a new offer.");
    }
  }

  private static boolean suspended(User user) {
    return user.suspendedAt().isPresent();
  }

  private static void demandCanReceive(Transfer.Party from, User to) {
    if (to.id().equals(from.id())) {
      throw RefusedException.invalid(
          Fault.notAllowed("to", "This user already owns the items. Name another user."));
    }
    if (to.isServiceAccount()) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "to",
              "A service account can't accept an offer. Name a person who is responsible for the"
                  + " account."));
    }
    if (suspended(to)) {
      throw RefusedException.invalid(
          Fault.notAllowed("to", "This user is suspended and could not accept the offer."));
    }
  }
}
