package io.claviger.application.transfers;

import io.claviger.application.shared.RefusedException;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses the handles that a transfer's items have after the transfer to their new owner. */
final class AcceptedHandles {
  private AcceptedHandles() {}

  /**
   * Returns the items with their new handles.
   *
   * @throws RefusedException if the receiver can't have one of these handles
   */
  static List<TransferItem> of(Transfer open, NewHandles wanted, OwnerChanges owners) {
    List<Fault> faults = new ArrayList<>();
    demandOffered(open, wanted, faults);
    Map<TransferItem.Kind, Set<Handle>> given = new EnumMap<>(TransferItem.Kind.class);
    List<TransferItem> items = new ArrayList<>();
    for (TransferItem item : open.items()) {
      Handle handle = wanted(open, wanted, item).orElse(item.handle());
      boolean free = given.computeIfAbsent(item.kind(), kind -> new HashSet<>()).add(handle);
      if (!free || owners.isTaken(item.kind(), open.to().id(), handle)) {
        faults.add(
            fault(
                open,
                item,
                "handle_taken",
                "You already own an item with this handle. Choose another handle here."));
      } else if (owners.isReserved(
          item.kind(), open.to().handle(), handle, item.id().orElseThrow())) {
        faults.add(
            fault(
                open,
                item,
                "handle_reserved",
                "This reference still leads to a service or project that you transferred to"
                    + " somebody else. Choose another handle here."));
      } else {
        items.add(item.under(handle));
      }
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    return items;
  }

  private static void demandOffered(Transfer open, NewHandles wanted, List<Fault> faults) {
    wanted
        .services()
        .keySet()
        .forEach(
            ref ->
                demandOffered(open, TransferItem.Kind.SERVICE, ref.owner(), ref.handle(), faults));
    wanted
        .projects()
        .keySet()
        .forEach(
            ref ->
                demandOffered(open, TransferItem.Kind.PROJECT, ref.owner(), ref.handle(), faults));
  }

  private static void demandOffered(
      Transfer open, TransferItem.Kind kind, Handle owner, Handle handle, List<Fault> faults) {
    boolean offered =
        owner.equals(open.from().handle())
            && open.items().stream()
                .anyMatch(item -> item.kind() == kind && item.handle().equals(handle));
    if (!offered) {
      faults.add(
          new Fault(
              pointer(kind, owner, handle),
              "unknown_reference",
              "There is no such " + kind.wireName() + " in this offer."));
    }
  }

  private static Optional<Handle> wanted(Transfer open, NewHandles wanted, TransferItem item) {
    Handle owner = open.from().handle();
    return Optional.ofNullable(
        switch (item.kind()) {
          case SERVICE -> wanted.services().get(new Instance.Ref(owner, item.handle()));
          case PROJECT -> wanted.projects().get(new Project.Ref(owner, item.handle()));
        });
  }

  private static Fault fault(Transfer open, TransferItem item, String code, String detail) {
    return new Fault(pointer(item.kind(), open.from().handle(), item.handle()), code, detail);
  }

  private static String pointer(TransferItem.Kind kind, Handle owner, Handle handle) {
    return "/handles/" + kind.wireName() + "s/" + owner + "~1" + handle;
  }
}
