package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall.Call;
import io.claviger.application.gateway.AuthorizeCall.KnownService;
import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.request.HeadGuard;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/** Finds out whether a request is a call, and one that may be made. */
final class Entrance implements Authorization.Asker {
  private final Receipts receipts;
  private final CallRecord record;
  private final Exchange exchange;
  private final Admission admission;
  private final Call call;

  private Entrance(
      Receipts receipts, CallRecord record, Exchange exchange, Admission admission, Call call) {
    this.receipts = receipts;
    this.record = record;
    this.exchange = exchange;
    this.admission = admission;
    this.call = call;
  }

  /** Tells the exchange, at once or later, that it is entered or fails. */
  static void at(
      HttpRequest request,
      CallEnvironment environment,
      Receipts receipts,
      CallRecord record,
      CallerConnection caller,
      Exchange exchange) {
    try {
      HeadGuard.checkFraming(request);
    } catch (CallRefused e) {
      exchange.unreadable(e.error());
      return;
    }
    Admission admission;
    try {
      admission = Admission.of(request, environment.settings().maxBodyBytes());
    } catch (CallRefused e) {
      exchange.fail(e.error());
      return;
    }
    Call call =
        new Call(
            admission.credential().token(),
            admission.callee(),
            request.method().name(),
            admission.target().below(),
            caller.addressOf(request),
            receipts.requestId());
    Entrance entrance = new Entrance(receipts, record, exchange, admission, call);
    new Authorization(environment, call, caller.channel().eventLoop(), entrance).begin();
  }

  @Override
  public void refused(CallError why, Optional<KnownService> service) {
    if (exchange.isDeciding()) {
      if (service.isPresent()) {
        record.entitled(service.get().format());
        receipts.entitled(service.get().name(), service.get().format());
      }
      exchange.fail(why);
    }
  }

  @Override
  public void authorized(Passage passage) {
    if (!exchange.isDeciding()) {
      passage.close(); // the caller has gone meanwhile
      return;
    }
    record.authorized(passage);
    receipts.entitled(passage.service(), passage.standard().format());
    receipts.pays(passage.source());
    exchange.entered(passage, admission, call);
  }
}
