package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall.CallRequest;
import io.claviger.application.gateway.AuthorizeCall.KnownService;
import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.request.HeadGuard;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * Finds out whether a request is a call, and one that may be made. Where models are limited that is
 * asked twice: at the head, and again once the body is whole and its model known.
 */
final class CallAuthorizer implements Authorization.Asker {
  private final CallEnvironment environment;
  private final CallHeaders receipts;
  private final CallRecord record;
  private final CallerConnection caller;
  private final GatewayCall exchange;
  private final ParsedCall admission;
  private final CallRequest call;

  private CallAuthorizer(
      CallEnvironment environment,
      CallHeaders receipts,
      CallRecord record,
      CallerConnection caller,
      GatewayCall exchange,
      ParsedCall admission,
      CallRequest call) {
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
      CallHeaders receipts,
      CallRecord record,
      CallerConnection caller,
      GatewayCall exchange) {
    try {
      HeadGuard.checkFraming(request);
    } catch (CallRefused e) {
      exchange.unreadable(e.error());
      return;
    }
    ParsedCall admission;
    try {
      admission = ParsedCall.of(request, environment.settings().maxBodyBytes());
    } catch (CallRefused e) {
      exchange.fail(e.error());
      return;
    }
    CallRequest call =
        new CallRequest(
            admission.credential().token(),
            admission.callee(),
            request.method().name(),
            admission.target().below(),
            caller.addressOf(request),
            receipts.requestId(),
            CallRequest.Stage.HEAD);
    new CallAuthorizer(environment, receipts, record, caller, exchange, admission, call).ask();
  }

  /** Asks again, now that the model is known: from here on the call counts against its limits. */
  void modelKnown() {
    new CallAuthorizer(
            environment, receipts, record, caller, exchange, admission, call.withModelKnown())
        .ask();
  }

  private void ask() {
    new Authorization(environment, call, caller.channel().eventLoop(), this).begin();
  }

  ParsedCall admission() {
    return admission;
  }

  CallRequest call() {
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
  public void authorized(AuthorizedCall passage) {
    if (!exchange.isDeciding()) {
      passage.close(); // the caller has gone meanwhile
      return;
    }
    record.authorized(passage);
    receipts.entitled(passage.service(), passage.standard().format());
    receipts.pays(passage.source());
    if (call.stage() == CallRequest.Stage.HEAD) {
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
