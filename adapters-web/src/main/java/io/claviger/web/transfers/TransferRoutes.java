package io.claviger.web.transfers;

import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.web.json.Body;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/transfers}. */
public final class TransferRoutes implements RouteGroup {
  private static final String TRANSFERS = "/v1/transfers";

  private final Transfers transfers;

  public TransferRoutes(Transfers transfers) {
    this.transfers = transfers;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(TRANSFERS).get(this::list, "limit", "cursor").post(this::offer);
    routes.at(TRANSFERS + "/{id}").get(this::show).delete(this::withdraw);
    routes.at(TRANSFERS + "/{id}/accept").post(this::accept);
    routes.at(TRANSFERS + "/{id}/decline").post(this::decline);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(transfers.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        TransferJson::of);
  }

  private void offer(ApiCall call) {
    try (Body body = call.body()) {
      TransferOffer offer = TransferReader.offer(body.fields(), call.actor().handle());
      Transfer offered = Problems.valueOf(transfers.offer(call.actor(), offer));
      call.created(TRANSFERS + "/" + offered.id().value(), TransferJson.of(offered));
    }
  }

  private void show(ApiCall call) {
    call.ok(TransferJson.of(Problems.valueOf(transfers.find(call.actor(), id(call)))));
  }

  private void accept(ApiCall call) {
    TransferReader.Acceptance wanted =
        call.optionalBody(TransferReader::acceptance).orElse(TransferReader.Acceptance.NONE);
    call.ok(
        TransferJson.of(
            Problems.valueOf(
                transfers.accept(call.actor(), id(call), wanted.handles(), wanted.lends()))));
  }

  private void decline(ApiCall call) {
    call.emptyBody();
    call.ok(TransferJson.of(Problems.valueOf(transfers.decline(call.actor(), id(call)))));
  }

  private void withdraw(ApiCall call) {
    Problems.throwIfRefused(transfers.withdraw(call.actor(), id(call)));
    call.noContent();
  }

  private static Transfer.Id id(ApiCall call) {
    return new Transfer.Id(call.id("id"));
  }

  /**
   * A transfer as the API shows it.
   *
   * @param services the references that the items had when they were offered
   * @param projects the references that the items had when they were offered
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

    /** An item that was moved. {@code to} is the reference that it has at the receiver. */
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
}
