package io.claviger.gateway.authorize;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.RequestedBatch;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.spending.BodyUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.OperationRefusal;
import io.claviger.gateway.head.ParsedCall;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a call is permitted. If the permission depends on the body of the request, the
 * authorizer first checks the head, and checks the whole request after the body has been read.
 */
public final class CallAuthorizer {
  private static final int MOST_MILLIS = 3_000;

  private final AuthorizationContext context;
  private final EventLoop loop;
  private final ParsedCall parsed;
  private final CallRequest request;

  /**
   * The facts from which the check of the head concluded that the call is permitted; null before
   * that check.
   */
  private final AuthorizedCall.@Nullable AuthorizationBasis byHead;

  private CallAuthorizer(
      AuthorizationContext context,
      EventLoop loop,
      ParsedCall parsed,
      CallRequest request,
      AuthorizedCall.@Nullable AuthorizationBasis byHead) {
    this.context = context;
    this.loop = loop;
    this.parsed = parsed;
    this.request = request;
    this.byHead = byHead;
  }

  /**
   * Makes the authorizer of a call of which only the request's head has been read so far.
   *
   * @param from the address from which the request comes
   * @param loop the event loop on which the call runs
   */
  public static CallAuthorizer ofHead(
      ParsedCall parsed,
      String method,
      String requestId,
      CallerOrigin from,
      EventLoop loop,
      AuthorizationContext context) {
    CallRequest request =
        CallRequest.ofHead(
            parsed.credential().token(), parsed.callee(), method, parsed.below(), from, requestId);
    return new CallAuthorizer(context, loop, parsed, request, null);
  }

  /** Makes the authorizer of a call about which everything is known, including the model. */
  public static CallAuthorizer ofWhole(
      ParsedCall parsed, CallRequest request, EventLoop loop, AuthorizationContext context) {
    return new CallAuthorizer(context, loop, parsed, request, null);
  }

  /**
   * Makes an authorizer for the same call after its body has been read. If the new authorizer
   * permits the call, the call counts against its limits from then on.
   *
   * @param authorized the permission that was given when only the head of the request had been read
   * @param use the requested use: what the body requests from the provider, reduced to the parts
   *     that affect limits and charges
   * @param batch the input of the batch that the call creates; empty if it does not create a batch
   */
  public CallAuthorizer withBodyRead(
      AuthorizedCall authorized, BodyUse use, Optional<RequestedBatch> batch) {
    return new CallAuthorizer(
        context, loop, parsed, request.withBodyRead(use, batch), authorized.basis());
  }

  /** Makes another authorizer for the same call, which opens a WebSocket. */
  public CallAuthorizer opening() {
    return new CallAuthorizer(context, loop, parsed, request.opening(), null);
  }

  /**
   * Makes another authorizer for the same call, which is a response on a WebSocket. The response
   * does not count as another concurrent call, because its WebSocket already counts.
   */
  public CallAuthorizer inConnection() {
    return new CallAuthorizer(context, loop, parsed, request.inConnection(), byHead);
  }

  /**
   * Makes another authorizer for the same call. The new authorizer checks the token that the caller
   * sent with a part of an upload.
   */
  public CallAuthorizer withCompanion(TokenText companion) {
    CallRequest other =
        CallRequest.ofHead(
            companion,
            request.callTarget(),
            request.method(),
            request.path(),
            request.from(),
            request.requestId());
    return new CallAuthorizer(context, loop, parsed, other, null);
  }

  /**
   * Asks whether the call is permitted. {@code then} may receive the outcome before this method
   * returns.
   */
  public void ask(Continuation<AuthorizationOutcome> then) {
    askAgain(Set.of(), then);
  }

  /**
   * Asks whether a call that was permitted before is still permitted, or is also permitted for this
   * target.
   *
   * @param counted the names under which rate limits have counted the call; they do not count it
   *     again
   */
  public void askAgain(Set<String> counted, Continuation<AuthorizationOutcome> then) {
    new Inquiry<>(
            context.executor(),
            new Inquiry.InquiryTerms(
                loop, request.address(), request.token(), request.requestId(), MOST_MILLIS),
            new Query(counted, then))
        .begin();
  }

  /**
   * Counts requests that the gateway makes for the call in addition to the first request.
   *
   * @param then the continuation that receives the refusal of the call; it receives an empty value
   *     if the call may continue
   */
  public void count(int more, Continuation<Optional<AuthorizationOutcome>> then) {
    Inquiry.ask(
        context.executor(),
        new Inquiry.InquiryTerms(loop, request.address(), request.requestId(), MOST_MILLIS),
        Optional::empty,
        () -> context.authorizeCall().countFurther(request, more),
        then);
  }

  public ParsedCall parsed() {
    return parsed;
  }

  public CallRequest request() {
    return request;
  }

  public CallError errorOf(AuthorizationOutcome.Refused refused) {
    CallError why = CallError.of(refused);
    if (parsed.upload().isPresent() && refused.why() == CallRefusal.BAD_TOKEN) {
      return CallError.UPLOAD_ENDED;
    }
    if (refused.detail().isPresent()) {
      return why; // The detail in this error says more than an error about the operation would.
    }
    return refused
        .service()
        .flatMap(
            known ->
                switch (refused.why()) {
                  case OPERATION_NOT_ALLOWED ->
                      Optional.of(
                          OperationRefusal.of(known.format(), request.method(), request.path()));
                  case STORAGE_NOT_LENT ->
                      Optional.of(
                          OperationRefusal.storageNotLent(
                              known.format(), request.method(), request.path()));
                  default -> Optional.<CallError>empty();
                })
        .orElse(why);
  }

  private final class Query
      implements Inquiry.Asker<AuthorizationOutcome>, Continuation.Before<AuthorizationOutcome> {
    private final Set<String> counted;
    private final Continuation<AuthorizationOutcome> then;

    Query(Set<String> counted, Continuation<AuthorizationOutcome> then) {
      this.counted = counted;
      this.then = then;
    }

    @Override
    public Continuation<AuthorizationOutcome> then() {
      return then;
    }

    @Override
    public Optional<AuthorizationOutcome> askAtOnce() {
      return context.authorizeCall().authorizeAgainAtOnce(request, byHead, counted);
    }

    @Override
    public AuthorizationOutcome ask() {
      return context.authorizeCall().authorizeAgain(request, counted);
    }

    @Override
    public void done(AuthorizationOutcome outcome) {
      then.done(outcome);
    }

    @Override
    public void discard(AuthorizationOutcome outcome) {
      outcome.close();
    }

    @Override
    public boolean mayAskAgain() {
      return true;
    }
  }
}
