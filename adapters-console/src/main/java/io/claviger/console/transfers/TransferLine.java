package io.claviger.console.transfers;

import io.claviger.application.shared.Actor;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferPermissions;
import io.claviger.domain.transfers.TransferPermissions.TransferAction;
import io.claviger.domain.transfers.TransferPermissions.TransferVerdict;
import io.claviger.domain.transfers.TransferRole;
import java.util.List;

/**
 * An offer of services and projects to another user.
 *
 * @param mayAccept whether the viewer may accept or decline the offer now
 * @param mayWithdraw whether the viewer may withdraw the offer now
 * @param expiresAt the time until which the offer can be accepted (ISO 8601)
 */
public record TransferLine(
    String id,
    String from,
    String to,
    List<Item> items,
    String state,
    String offeredAt,
    String expiresAt,
    boolean mayAccept,
    boolean mayWithdraw) {
  public TransferLine {
    items = List.copyOf(items);
  }

  /**
   * One service or project of the offer.
   *
   * @param field the name of the form field in which the receiver can type another handle for this
   *     service or project
   */
  public record Item(String kind, String ref, String field) {
    /**
     * The name of the form field in which the receiver can enter a service. The members of the
     * project may use this service after the offer is accepted.
     */
    public String lends() {
      return "lends/" + ref.replace("/", "~1");
    }
  }

  public static TransferLine of(Transfer transfer, Actor viewer) {
    TransferRole role = TransferRole.of(viewer.id(), viewer.administrator(), transfer);
    return new TransferLine(
        transfer.id().value().toString(),
        transfer.from().handle().value(),
        transfer.to().handle().value(),
        transfer.items().stream().map(item -> item(transfer, item)).toList(),
        transfer.state().wireName(),
        transfer.offeredAt().toString(),
        transfer.expiresAt().toString(),
        may(viewer, role, TransferAction.ACCEPT, transfer),
        may(viewer, role, TransferAction.WITHDRAW, transfer));
  }

  /** Whether the offer contains something of this kind. */
  public boolean has(String kind) {
    return items.stream().anyMatch(item -> item.kind().equals(kind));
  }

  public String path() {
    return "/console/transfers/" + id;
  }

  private static Item item(Transfer transfer, TransferItem item) {
    String ref = transfer.from().handle() + "/" + item.handle();
    return new Item(item.kind().wireName(), ref, NewHandlesForm.field(item.kind(), ref));
  }

  private static boolean may(
      Actor viewer, TransferRole role, TransferAction action, Transfer transfer) {
    return viewer.mayManage()
        && TransferPermissions.may(role, action, transfer.state()) == TransferVerdict.GRANTED;
  }
}
