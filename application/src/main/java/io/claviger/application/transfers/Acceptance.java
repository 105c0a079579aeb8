package io.claviger.application.transfers;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.application.transfers.port.OwnerChanges.AffectedProject;
import io.claviger.domain.Fault;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Transfers accepted items to their receiver. */
final class Acceptance {
  /** The maximum number of projects that a refusal names. */
  private static final int NAMED = 20;

  private final OwnerChanges owners;
  private final MovedReferences moved;

  Acceptance(OwnerChanges owners, MovedReferences moved) {
    this.owners = owners;
    this.moved = moved;
  }

  /** Locks the items of an offer, and returns the ids of those that the giver still owns. */
  Set<UUID> lock(Transfer open) {
    return owners.lock(open);
  }

  /**
   * Transfers all items of an open offer to the receiver. The offer and its items must be locked,
   * and the actor must be permitted to accept it. Returns the accepted transfer without storing it.
   *
   * @param owned the ids of the items that the giver still owns
   * @param lends for each project, the service that the actor agrees to lend to the project's
   *     members
   */
  Transfer accept(
      Actor actor,
      Transfer open,
      Set<UUID> owned,
      NewHandles handles,
      Map<Project.Ref, Instance.Ref> lends,
      Instant now,
      ChangeLog log) {
    if (!open.items().stream().allMatch(item -> item.id().filter(owned::contains).isPresent())) {
      throw RefusedException.conflict(
          "offer_changed",
          "An item of this offer was deleted or has another owner. Ask for a new offer.");
    }
    List<TransferItem> items = AcceptedHandles.of(open, handles, owners);
    List<AffectedProject> affected = owners.affectedProjects(open, actor.id(), now);
    demandNobodyIsShutOut(affected);
    List<AffectedProject> opened =
        affected.stream().filter(p -> p.shared() && p.before().letsIn(p.after())).toList();
    demandAgreed(opened, lends);
    Instant until = now.plus(Transfer.REFERENCE_LASTS);
    // The transfer locks rows that all calls of a service use. Nodes lock these rows in the order
    // of the services' ids, so the transfer uses this order too.
    List<TransferItem> ordered =
        items.stream()
            .sorted(Comparator.comparing(item -> item.id().orElseThrow().toString()))
            .toList();
    for (TransferItem item : ordered) {
      demandNotMovedTooOften(item);
      if (owners.move(open, item, now, until) > 0) {
        log.recordAddition(CountedKind.SHARE, open.to().id());
      }
    }
    items.forEach(item -> record(open, item, opened, log));
    return open.ended(TransferState.ACCEPTED, items, now);
  }

  private void demandNotMovedTooOften(TransferItem item) {
    if (moved.of(item.kind(), item.id().orElseThrow()).size() >= FormerReference.MOST) {
      throw RefusedException.conflict(
          "moved_too_often",
          ("The %s %s was transferred %d times in the last 30 days, and can't get more former"
                  + " references. The owner can end the former references.")
              .formatted(item.kind().wireName(), item.handle(), FormerReference.MOST));
    }
  }

  /**
   * If members of projects could use a service of the receiver without a share after the transfer,
   * checks that the receiver agrees to this. A service counts as the receiver's if the receiver
   * owns or may lend the service. The receiver agrees by naming the service. The agreement does not
   * apply to another service to which somebody binds the project after the receiver has agreed.
   */
  private static void demandAgreed(
      List<AffectedProject> opened, Map<Project.Ref, Instance.Ref> lends) {
    List<Fault> faults =
        opened.stream()
            .filter(p -> !p.service().equals(lends.get(p.project())))
            .map(
                p ->
                    new Fault(
                        "/lends/" + p.project().owner() + "~1" + p.project().handle(),
                        "members_gain_access",
                        ("The project uses %s, a service that you own or may lend. If you accept,"
                                + " all members of the project (now %d) can call this service"
                                + " without a share. To permit this, name the service here."
                                + " Otherwise, ask the giver to unbind the project first.")
                            .formatted(p.service(), p.members())))
            .toList();
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static void demandNobodyIsShutOut(List<AffectedProject> affected) {
    List<AffectedProject> closed =
        affected.stream()
            .filter(p -> p.before().shutsOut(p.after(), p.withOwnUse(), p.withoutOwnUse()))
            .toList();
    if (!closed.isEmpty()) {
      throw RefusedException.conflict("members_lose_access", sentence(closed));
    }
  }

  private static String sentence(List<AffectedProject> closed) {
    List<String> visible =
        closed.stream()
            .filter(AffectedProject::visible)
            .limit(NAMED)
            .map(p -> p.project().toString())
            .toList();
    if (closed.size() == 1) {
      return ("Members of one of the giver's projects%s could no longer call the project's service."
              + " Transfer the project and its service together, or ask the giver to unbind the"
              + " project first.")
          .formatted(visible.isEmpty() ? "" : ", " + visible.getFirst() + ",");
    }
    return ("Members of %d of the giver's projects could no longer call the projects' services%s."
            + " Transfer these projects and their services together, or ask the giver to unbind the"
            + " projects first.")
        .formatted(
            closed.size(), visible.isEmpty() ? "" : ", among them " + String.join(", ", visible));
  }

  private static void record(
      Transfer open, TransferItem item, List<AffectedProject> opened, ChangeLog log) {
    boolean service = item.kind() == TransferItem.Kind.SERVICE;
    log.recordAddition(service ? CountedKind.SERVICE : CountedKind.PROJECT, open.to().id());
    log.recordChange(
        service ? AuditAction.SERVICE_TRANSFER : AuditAction.PROJECT_TRANSFER,
        AuditTargets.moved(open, item),
        changed(open, item, opened));
  }

  private static List<String> changed(
      Transfer open, TransferItem item, List<AffectedProject> opened) {
    List<String> changed = new ArrayList<>(List.of("owner"));
    if (!item.newHandle().orElseThrow().equals(item.handle())) {
      changed.add("handle");
    }
    Project.Ref was = new Project.Ref(open.from().handle(), item.handle());
    if (item.kind() == TransferItem.Kind.PROJECT
        && opened.stream().anyMatch(p -> p.project().equals(was))) {
      changed.add("lends");
    }
    return changed;
  }
}
