package io.claviger.application.transfers;

import static java.util.stream.Collectors.joining;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferPermissions;
import io.claviger.domain.transfers.TransferPermissions.TransferAction;
import io.claviger.domain.transfers.TransferRole;
import io.claviger.domain.transfers.TransferState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

final class TransferUseCases implements Transfers {
  private final Instances instances;
  private final TransferStore transfers;
  private final OfferValidator offering;
  private final Acceptance acceptance;
  private final AuditedChanges changes;

  TransferUseCases(
      Instances instances,
      TransferStore transfers,
      OfferValidator offering,
      Acceptance acceptance,
      AuditedChanges changes) {
    this.instances = instances;
    this.transfers = transfers;
    this.offering = offering;
    this.acceptance = acceptance;
    this.changes = changes;
  }

  @Override
  public Outcome<Transfer> offer(Actor actor, TransferOffer offer) {
    return changes.change(
        actor,
        AuditAction.TRANSFER_OFFER,
        AuditTargets.transfer(offer.to()),
        log -> {
          Transfer transfer = offer(actor, new Transfer.Id(changes.ids().next()), offer, log);
          demandConsent(actor, offer, transfer.to(), log);
          return transfer;
        });
  }

  /**
   * The transfer gets the id of the approval, because this id is used to find the consent when the
   * transfer is accepted.
   */
  @Override
  public void offerConsented(ChangeLog log, Actor asker, Approval approval, String image) {
    Transfer transfer =
        offer(asker, new Transfer.Id(approval.id().value()), TransferOffer.of(image), log);
    Optional<User.Id> receiver = TransferOffer.receiver(image);
    if (!receiver.equals(Optional.of(transfer.to().id()))) {
      throw RefusedException.conflict(
          "lapsed",
          receiver.isPresent()
              ? "The user to whom the service would be offered was deleted."
              : "The offer was made before an upgrade, and does not identify its receiver"
                  + " reliably. Make the offer again.");
    }
  }

  private Transfer offer(Actor actor, Transfer.Id id, TransferOffer offer, ChangeLog log) {
    Instant now = changes.now();
    OfferValidator.TransferTerms terms = offering.terms(actor, offer, !log.isConsented());
    Transfer transfer =
        Transfer.offered(id, terms.from(), terms.to(), actor.handle(), terms.items(), now);
    transfers.expire();
    insert(actor, transfer);
    log.recordAddition(CountedKind.TRANSFER, transfer.from().id());
    log.recordChange(AuditAction.TRANSFER_OFFER, AuditTargets.transfer(transfer), names(transfer));
    return transfer;
  }

  /**
   * If the transfer of an offered service needs consent, the offer waits for this consent. An offer
   * with several such services is refused.
   */
  private void demandConsent(
      Actor actor, TransferOffer offer, Transfer.Party receiver, ChangeLog log) {
    List<Instance> guarded =
        offer.services().stream()
            .flatMap(ref -> instances.find(actor, ref).asOptional().stream())
            .map(InstanceView::instance)
            .filter(service -> service.settings().approvals().count() > 1)
            .toList();
    if (guarded.size() > 1) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "services",
              "Only one service of an offer may need approvals. Offer the other services"
                  + " separately."));
    }
    guarded.forEach(
        service ->
            changes
                .consents()
                .demand(
                    log,
                    actor,
                    service,
                    new ConsentDemand.Wanted(
                        Approval.Kind.TRANSFER,
                        "owner",
                        List.of("owner"),
                        List.of(
                            new AuditEvent.Term(
                                "owner",
                                Optional.of(service.ref().owner().value()),
                                Optional.of(offer.to().value()))),
                        offer.text(receiver.id()))));
  }

  private void insert(Actor actor, Transfer transfer) {
    Map<TransferItem, Transfer.Id> offered = transfers.offered(transfer.items());
    if (!offered.isEmpty()) {
      throw RefusedException.conflict(
          "already_offered",
          "In an open transfer already: "
              + transfer.items().stream()
                  .flatMap(
                      item ->
                          Optional.ofNullable(offered.get(item))
                              .map(in -> offered(transfer, item, in))
                              .stream())
                  .collect(joining(", "))
              + ". Withdraw that transfer first.");
    }
    try {
      transfers.insert(transfer, actor.id());
    } catch (ConcurrencyConflict e) {
      // Somebody offered or deleted one of the items during this attempt. The next attempt is
      // refused for this reason.
      throw new ConcurrencyConflict(ConcurrencyConflict.How.NOT_SERIALIZABLE, e);
    }
  }

  private static String offered(Transfer transfer, TransferItem item, Transfer.Id in) {
    return "%s %s (transfer %s)"
        .formatted(item.kind().wireName(), reference(transfer, item.handle()), in.value());
  }

  @Override
  public Outcome<Page<Transfer, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          Instant now = changes.now();
          return Page.of(
                  transfers.list(actor.id(), page.after(), page.limit() + 1),
                  page.limit(),
                  (Transfer t) -> new TimeCursor(t.offeredAt(), t.id().value()))
              .map(transfer -> transfer.asOf(now));
        });
  }

  @Override
  public Outcome<List<Transfer>> openTo(Actor actor) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return transfers.listOpenTo(actor.id(), PageRequest.MAX_LIMIT);
        });
  }

  @Override
  public Outcome<List<Transfer>> openOf(Actor actor, User.Id giver) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          if (!actor.id().equals(giver) && !actor.administrator()) {
            throw RefusedException.notFound();
          }
          return transfers.listOpenOf(giver, PageRequest.MAX_LIMIT);
        });
  }

  @Override
  public Outcome<Transfer> find(Actor actor, Transfer.Id id) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          Transfer found =
              transfers.find(id, actor.sight()).orElseThrow(RefusedException::notFound);
          demand(actor, found, TransferAction.SEE);
          return found.asOf(changes.now());
        });
  }

  @Override
  public Outcome<Transfer> accept(
      Actor actor, Transfer.Id id, NewHandles handles, Map<Project.Ref, Instance.Ref> lends) {
    return changes.change(
        actor,
        AuditAction.TRANSFER_ACCEPT,
        AuditTargets.transfer(id),
        log -> {
          Transfer open = locked(actor, id, TransferAction.ACCEPT, log);
          Set<UUID> owned = acceptance.lock(open);
          // This holds the giver. In the order of locks, users come after the items.
          offering.demandStillOffered(open);
          Transfer accepted =
              acceptance.accept(actor, open, owned, handles, lends, changes.now(), log);
          demandConsented(open);
          return end(accepted, AuditAction.TRANSFER_ACCEPT, log);
        });
  }

  @Override
  public Outcome<Transfer> decline(Actor actor, Transfer.Id id) {
    return changes.change(
        actor,
        AuditAction.TRANSFER_DECLINE,
        AuditTargets.transfer(id),
        log -> {
          Transfer open = locked(actor, id, TransferAction.DECLINE, log);
          return end(
              open.ended(TransferState.DECLINED, open.items(), changes.now()),
              AuditAction.TRANSFER_DECLINE,
              log);
        });
  }

  @Override
  public Outcome<Transfer.Id> withdraw(Actor actor, Transfer.Id id) {
    return changes.change(
        actor,
        AuditAction.TRANSFER_WITHDRAW,
        AuditTargets.transfer(id),
        log -> {
          Transfer open = locked(actor, id, TransferAction.WITHDRAW, log);
          return end(
                  open.ended(TransferState.WITHDRAWN, open.items(), changes.now()),
                  AuditAction.TRANSFER_WITHDRAW,
                  log)
              .id();
        });
  }

  private void demandConsented(Transfer open) {
    List<Instance.Ref> unconsented = changes.consents().unconsented(open.id().value());
    if (!unconsented.isEmpty()) {
      throw RefusedException.conflict(
          "approval_required",
          "Since this was offered, "
              + unconsented.stream().map(Instance.Ref::toString).collect(joining(", "))
              + " needs approvals, or lost them. Ask for a new offer.");
    }
  }

  private Transfer locked(Actor actor, Transfer.Id id, TransferAction action, ChangeLog log) {
    Optional<Transfer> found = transfers.lock(id, actor.sight());
    Transfer transfer = found.orElseThrow(RefusedException::notFound);
    demand(actor, transfer, TransferAction.SEE);
    log.setTarget(AuditTargets.transfer(transfer));
    demand(actor, transfer, action);
    return transfer;
  }

  private Transfer end(Transfer transfer, AuditAction action, ChangeLog log) {
    transfers.end(transfer);
    log.recordChange(action, AuditTargets.transfer(transfer), names(transfer));
    return transfer;
  }

  private void demand(Actor actor, Transfer transfer, TransferAction action) {
    TransferRole role = TransferRole.of(actor.id(), actor.administrator(), transfer);
    switch (TransferPermissions.may(role, action, transfer.stateAt(changes.now()))) {
      case GRANTED -> {}
      case HIDDEN -> throw RefusedException.notFound();
      case FORBIDDEN ->
          throw RefusedException.forbidden(
              action == TransferAction.WITHDRAW
                  ? "The receiver of an offer can't withdraw it, but can decline it."
                  : "Only the receiver can accept or decline an offer.");
      case NOT_OPEN ->
          throw RefusedException.conflict(
              "not_open",
              "This transfer is no longer open: it is "
                  + transfer.stateAt(changes.now()).wireName()
                  + ".");
    }
  }

  /** Returns the kinds and references of the items, for the audit trail. */
  private static List<String> names(Transfer transfer) {
    return transfer.items().stream()
        .map(item -> item.kind().wireName() + ":" + reference(transfer, item.handle()))
        .toList();
  }

  private static String reference(Transfer transfer, Object handle) {
    return transfer.from().handle() + "/" + handle;
  }
}
