package io.claviger.web.transfers;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A transfer as the API shows it.
 *
 * @param services the references when they were offered
 * @param projects the references when they were offered
 * @param moved where accepted items are now; empty in any other state
 */
record TransferJson(
    UUID id,
    String state,
    String from,
    String to,
    Optional<String> offeredBy,
    List<String> services,
    List<String> projects,
    List<MovedJson> moved,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> endedAt) {

  /** An item that the receiver has under this reference. */
  record MovedJson(String kind, String from, String to) {}

  static TransferJson of(Transfer transfer) {
    return new TransferJson(
        transfer.id().value(),
        transfer.state().wireName(),
        transfer.from().handle().value(),
        transfer.to().handle().value(),
        transfer.offeredBy().map(Handle::value),
        references(transfer, TransferItem.Kind.SERVICE),
        references(transfer, TransferItem.Kind.PROJECT),
        transfer.items().stream().flatMap(item -> moved(transfer, item).stream()).toList(),
        transfer.offeredAt(),
        transfer.expiresAt(),
        transfer.endedAt());
  }

  private static List<String> references(Transfer transfer, TransferItem.Kind kind) {
    return transfer.items().stream()
        .filter(item -> item.kind() == kind)
        .map(item -> transfer.from().handle() + "/" + item.handle())
        .toList();
  }

  private static Optional<MovedJson> moved(Transfer transfer, TransferItem item) {
    return item.newHandle()
        .map(
            handle ->
                new MovedJson(
                    item.kind().wireName(),
                    transfer.from().handle() + "/" + item.handle(),
                    transfer.to().handle() + "/" + handle));
  }
}
