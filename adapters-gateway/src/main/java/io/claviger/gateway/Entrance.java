package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall.Call;
import io.claviger.application.gateway.AuthorizeCall.KnownService;
import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.request.HeadGuard;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * Finds out whether a request is a call, and one that may be made. Where models are limited that is
 * asked twice: at the head, and again once the body is whole and its model known.
 */
final class Entrance implements Authorization.Asker {
  private final CallEnvironment environment;
  private final Receipts receipts;
  private final CallRecord record;
  private final CallerConnection caller;
  private final Exchange exchange;
  private final Admission admission;
  private final Call call;

  private Entrance(
      CallEnvironment environment,
      Receipts receipts,
      CallRecord record,
      CallerConnection caller,
      Exchange exchange,
      Admission admission,
      Call call) {
    this.environment = environment;
    this.receipts = receipts;
    this.record = record;
    this.caller = caller;
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
            receipts.requestId(),
            Call.Stage.HEAD);
    new Entrance(environment, receipts, record, caller, exchange, admission, call).ask();
  }

  /** Asks again, now that the model is known: from here on the call counts against its limits. */
  void modelKnown() {
    new Entrance(environment, receipts, record, caller, exchange, admission, call.withModelKnown())
        .ask();
  }

  private void ask() {
    new Authorization(environment, call, caller.channel().eventLoop(), this).begin();
  }

  Admission admission() {
    return admission;
  }

  Call call() {
    return call;
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
    if (call.stage() == Call.Stage.HEAD) {
      exchange.entered(passage, this);
    } else {
      exchange.modelPermitted(passage, this);
    }
  }

  @Override
  public void failed(Throwable why) {
    exchange.broken(why);
  }
}
