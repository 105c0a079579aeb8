package io.claviger.web.transfers;

import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferId;
import io.claviger.web.json.Body;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;

/** {@code /v1/transfers}. */
public final class TransferRoutes {
  private static final String TRANSFERS = "/v1/transfers";

  private final Transfers transfers;

  public TransferRoutes(Transfers transfers) {
    this.transfers = transfers;
  }

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
    NewHandles handles = call.optionalBody(TransferReader::handles).orElse(NewHandles.NONE);
    call.ok(TransferJson.of(Problems.valueOf(transfers.accept(call.actor(), id(call), handles))));
  }

  private void decline(ApiCall call) {
    call.emptyBody();
    call.ok(TransferJson.of(Problems.valueOf(transfers.decline(call.actor(), id(call)))));
  }

  private void withdraw(ApiCall call) {
    TransferId unused = Problems.valueOf(transfers.withdraw(call.actor(), id(call)));
    call.noContent();
  }

  private static TransferId id(ApiCall call) {
    return new TransferId(call.id("id"));
  }
}
