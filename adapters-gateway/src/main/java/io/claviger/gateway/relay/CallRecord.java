package io.claviger.gateway.relay;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.application.usage.ChargedCall;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnansweredUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.CallDescription.Conversed;
import io.claviger.gateway.events.CallTrace;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the facts about a call, and reports them after the call has ended. */
final class CallRecord {
  private final GatewayEvents events;
  private final RequestedCall requested;
  private final @Nullable CallTrace trace;
  private final long began = System.nanoTime();

  private Optional<WireFormat> format = Optional.empty();
  private Optional<KeySource> source = Optional.empty();
  private Optional<UsageAccount> account = Optional.empty();
  private Optional<AuthorizationBasis> basis = Optional.empty();
  private Optional<ChargePolicy> charging = Optional.empty();
  private Optional<CallCharge> charge = Optional.empty();
  private Optional<CompletableFuture<CallCharge>> later = Optional.empty();
  private Optional<RequestedUse> asked = Optional.empty();
  private boolean isStrict;
  private boolean charged;
  private Optional<Handle> caller = Optional.empty();
  private Optional<String> code = Optional.empty();
  private boolean isLeft;
  private boolean answerBegun;
  private boolean isRefused;
  private @Nullable CallUse use;
  private long sent;
  private long answered;
  private long waited;
  private long made;
  private boolean carriesFile;

  /** The size of the body with which the gateway itself has answered; otherwise 0. */
  private int ownBytes;

  private long refusedNanos;
  private Optional<EndedWebSocket> webSocket = Optional.empty();
  private Optional<Connection> connection = Optional.empty();

  /**
   * @param trace the trace of the call; null if calls are not traced
   */
  CallRecord(GatewayEvents events, RequestedCall requested, @Nullable CallTrace trace) {
    this.events = events;
    this.requested = requested;
    this.trace = trace;
  }

  void setFormat(WireFormat to) {
    format = Optional.of(to);
  }

  /** Records who the caller is. Called for a refused call. */
  void setCaller(Handle known) {
    caller = Optional.of(known);
  }

  /**
   * Records the call's target. For a call with several targets, only the request to the last target
   * is counted.
   */
  void recordAuthorized(AuthorizedCall call) {
    sent = 0;
    charge = Optional.empty();
    asked = Optional.empty();
    isStrict = false;
    charged = false;
    setFormat(call.standard().format());
    source = Optional.of(call.source());
    account = Optional.of(call.basis().account());
    basis = Optional.of(call.basis());
    charging = Optional.of(call.basis().charging());
  }

  /**
   * Records that the gateway is sending the request to the provider. If the gateway sends the
   * request several times, the last time counts.
   */
  void markSent() {
    sent = System.nanoTime();
    isRefused = false;
  }

  /** Records that nothing of the request was sent after all. */
  void markUnsent() {
    sent = 0;
  }

  /**
   * Records that the target has refused the request, even if the caller does not get the target's
   * answer.
   */
  void markRefused() {
    isRefused = true;
  }

  /**
   * Reports that the provider refused the request. The call continues, and another attempt counts
   * as another request.
   */
  void reportRefused(RequestBody body) {
    refusedNanos += System.nanoTime() - sent;
    sent = 0;
    account.ifPresent(
        of ->
            events.attemptRefused(
                new RecordedUse(
                    of,
                    source.orElseThrow(),
                    body.model(),
                    UsageCounts.ofCall(true, body.bytes(), 0, TokenUsage.NONE),
                    charging.map(
                        how ->
                            new ChargedCall(
                                how,
                                CallUse.of(TokenUsage.NONE, Evidence.REFUSED),
                                Optional.empty(),
                                false,
                                Optional.empty())))));
  }

  boolean isSent() {
    return sent != 0;
  }

  void reportRejectedKey(int status) {
    basis.ifPresent(call -> events.keyRejected(call, status));
  }

  void reportRateLimited(CapacityTerms terms) {
    events.rateLimitedByProvider(terms);
  }

  void reportTurnRefused(CapacityTerms terms) {
    events.turnRefused(terms);
  }

  /** Reports that no connection could be opened to the current target. */
  void reportUnreachable() {
    basis.ifPresent(events::providerUnreachable);
  }

  void markAnswerBegun() {
    answerBegun = true;
    events.answerBegun();
  }

  void markOpened() {
    events.webSocketOpened();
  }

  /** Records that the call has opened a WebSocket on both sides. */
  void setConnection(Connection opened) {
    connection = Optional.of(opened);
  }

  /**
   * Reports a response on a WebSocket.
   *
   * @param response the use of the response, together with the account that is charged for it
   * @param path the path of the operation that the response counts as
   */
  void finishResponse(FinishedCall finished, RecordedUse response, String path) {
    UsageCounts counts = response.counts();
    connection.ifPresent(of -> of.countUse(counts.inputTokens(), counts.outputTokens()));
    events.callFinished(finished);
    if (events.wantsDescription(true, finished.status() >= 400)) {
      events.callDescribed(
          new CallDescription(
              requested.requestId(),
              requested.address(),
              Optional.of(response.account().handle()),
              Optional.of(response.account().ref()),
              response.account().project().map(UsageAccount.ThroughProject::ref),
              Optional.of(response.model().name()).filter(name -> !name.isEmpty()),
              "POST",
              path,
              finished.status(),
              finished.code(),
              counts.bytesIn(),
              counts.bytesOut(),
              finished.providerNanos(),
              finished.addedNanos(),
              finished.waitedNanos(),
              Optional.empty(),
              connection.map(
                  of -> new Conversed(of.id(), counts.inputTokens(), counts.outputTokens()))));
    }
  }

  /**
   * Records that the call's WebSocket has closed. The time for which the WebSocket was open does
   * not count as time that the gateway added.
   */
  void addWebSocket(EndedWebSocket ended) {
    webSocket = Optional.of(ended);
    events.webSocketEnded(ended);
  }

  void markAnswered() {
    answered = System.nanoTime();
  }

  /**
   * Records that the call has waited for its turn. The waiting time does not count as time that the
   * gateway added.
   */
  void addWait(CapacityTerms terms, Duration time) {
    waited += time.toNanos();
    events.turnAwaited(terms, time);
  }

  /** Records how many objects the call has created at the provider. */
  void addMade(int objects) {
    made += objects;
  }

  /** Records that the provider has accepted the file in the request. */
  void markFile() {
    carriesFile = true;
  }

  /** Records that the caller has closed its connection. */
  void setCallerGone() {
    setFailure("caller_gone");
    markLeft();
  }

  /** Records the size of the body with which the gateway itself has answered. */
  void setOwnAnswer(int bytes) {
    ownBytes = bytes;
  }

  /**
   * Records that the caller does not want the rest of the provider's answer, or is no longer
   * permitted to receive it. A caller can cause either situation deliberately.
   */
  void markLeft() {
    isLeft = true;
  }

  boolean isLeft() {
    return isLeft;
  }

  /**
   * Records why the gateway ended the call. Not called if the provider or the caller ended the
   * call.
   */
  void setFailure(CallError why) {
    setFailure(why.code());
    if (why.equals(CallError.SERVICE_UNAVAILABLE)) {
      events.callUndecided();
    }
  }

  private void setFailure(String why) {
    code = Optional.of(why);
  }

  /**
   * Returns the use of the call for charges and records. After the first call of this method, the
   * result never changes.
   *
   * @param wanted the requested use; empty if the request was not read
   */
  CallUse use(RequestBody body, Optional<ResponseRelay> answer, Optional<RequestedUse> wanted) {
    CallUse known = use;
    if (known == null) {
      known =
          answer
              .map(relay -> used(body, relay, wanted))
              .orElseGet(() -> CallUse.of(TokenUsage.NONE, Evidence.UNKNOWN));
      use = known;
    }
    return known;
  }

  /**
   * Returns the use of the call that counts against the provider's limits. If the caller has left,
   * the requested use is needed to estimate the use of the call. The requested use might have been
   * read only for the provider's limits, because no budget or limit of Claviger depends on it.
   *
   * @param wanted the requested use as it was read for the provider's limits; empty if it was not
   *     read for them
   */
  CallUse useOfTurn(
      RequestBody body, Optional<ResponseRelay> answer, Optional<RequestedUse> wanted) {
    CallUse known = use(body, answer, Optional.empty());
    return isLeft && asked.isEmpty() && wanted.isPresent() && answer.isPresent()
        ? used(body, answer.get(), wanted)
        : known;
  }

  /**
   * Charges the call and records the charge. Only the first call of this method has an effect.
   *
   * @param wanted the requested use; empty if the request was not read
   * @param spending the reservation of the call
   * @param known the function that finds the use of the call
   */
  void recordCharge(Optional<RequestedUse> wanted, CallSpending spending, Supplier<CallUse> known) {
    if (!charged) {
      charged = true;
      asked = wanted;
      isStrict = spending.isStrict();
      charge = spending.settle(known.get());
      later = spending.later();
    }
  }

  private CallUse used(RequestBody body, ResponseRelay answer, Optional<RequestedUse> wanted) {
    if (isRefused && !answer.use().isBegun()) {
      return CallUse.of(TokenUsage.NONE, Evidence.REFUSED);
    }
    answer.use().knowContainers(body.containers());
    boolean unanswered = code.isPresent() && !answer.use().isBegun();
    boolean left = isLeft && !answer.use().isComplete();
    return wanted
        .filter(of -> unanswered && UnansweredUse.isKnownFor(of.kind()))
        .map(
            of -> {
              long nanos = System.nanoTime() - sent;
              CallUse so = CallUse.of(UnansweredUse.of(of, body.bytes(), nanos), Evidence.UNKNOWN);
              // If the request asks for no stream, the estimate is also right for a caller who has
              // left, because it is based on the elapsed time.
              return left && of.streams() ? answer.use().left(so, wanted) : so;
            })
        .orElseGet(
            () -> {
              CallUse so =
                  answer.use().of(body.bytes(), body.model(), UnstatedUse.Asked.by(wanted));
              // A provider continues to make images and to read pages after the gateway has stopped
              // waiting.
              return left || (unanswered && isTimedOut()) ? answer.use().left(so, wanted) : so;
            });
  }

  private boolean isTimedOut() {
    return code.equals(Optional.of(CallError.PROVIDER_TIMEOUT.code()));
  }

  /**
   * Reports the call after it has ended.
   *
   * @param body the request's body, as far as it has arrived
   */
  void finish(int status, RequestBody body, Optional<ResponseRelay> download) {
    if (answerBegun) {
      events.answerOver();
      basis.ifPresent(events::providerAnswered);
      if (status < 400) {
        basis.ifPresent(events::keyAccepted);
      }
    }
    long now = System.nanoTime();
    long providers = refusedNanos + (sent == 0 ? 0 : (answered == 0 ? now : answered) - sent);
    FinishedCall finished =
        new FinishedCall(
            format,
            status,
            source,
            code,
            providers,
            Math.max(0, now - began - providers - waited - openNanos()),
            waited,
            account
                .filter(a -> sent != 0 || isRefusedForModel())
                .map(a -> used(a, status, body, download)));
    events.callFinished(finished);
    if (events.wantsDescription(account.isPresent(), status >= 400 || code.isPresent())) {
      events.callDescribed(describe(finished, body, download));
    }
    if (trace != null) {
      trace.over(() -> describe(finished, body, download), finished);
    }
  }

  private long openNanos() {
    return webSocket.map(ended -> ended.open().toNanos()).orElse(0L);
  }

  /**
   * Whether the call was refused because of its model, or because the gateway could not find the
   * model in the body.
   */
  private boolean isRefusedForModel() {
    return code.filter(
            why ->
                why.equals(CallRefusal.MODEL_NOT_ALLOWED.code())
                    || why.equals(CallRefusal.MODEL_NOT_READABLE.code())
                    || why.equals(CallError.BODY_ENCODED.code()))
        .isPresent();
  }

  private CallDescription describe(
      FinishedCall finished, RequestBody body, Optional<ResponseRelay> download) {
    return new CallDescription(
        requested.requestId(),
        requested.address(),
        account.map(UsageAccount::handle).or(() -> caller),
        account.map(UsageAccount::ref).or(requested::service),
        account
            .flatMap(UsageAccount::project)
            .map(UsageAccount.ThroughProject::ref)
            .or(requested::project),
        body.models(),
        requested.method(),
        requested.path(),
        finished.status(),
        code,
        body.bytes(),
        bytesOf(download),
        finished.providerNanos(),
        finished.addedNanos(),
        finished.waitedNanos(),
        webSocket,
        connection.map(
            of -> new Conversed(of.id(), of.counts().inputTokens(), of.counts().outputTokens())));
  }

  /** Returns the size of the caller's answer: either the gateway's own body or the provider's. */
  private long bytesOf(Optional<ResponseRelay> download) {
    return ownBytes > 0 ? ownBytes : download.map(answer -> answer.use().bytes()).orElse(0L);
  }

  private RecordedUse used(
      UsageAccount account, int status, RequestBody body, Optional<ResponseRelay> download) {
    if (sent == 0) {
      return new RecordedUse(
          account, source.orElseThrow(), UsageModel.UNKNOWN, UsageCounts.REFUSED, Optional.empty());
    }
    boolean error = status >= 400 || code.isPresent();
    CallUse known = use(body, download, Optional.empty());
    UsageCounts stated = UsageCounts.ofCall(error, body.bytes(), bytesOf(download), known.usage());
    UsageCounts billed = charge.map(of -> stated.charged(of.usage(), of.disputed())).orElse(stated);
    UsageCounts counts =
        made > 0 || carriesFile
            ? billed.storing(new StoredUsage(made, carriesFile ? body.bytes() : 0))
            : billed;
    return new RecordedUse(
        account,
        source.orElseThrow(),
        body.model(),
        counts,
        charging.map(
            how -> new ChargedCall(how, known, asked(body, download), isStrict, charge, later)));
  }

  /**
   * The requested use. If an operation costs nothing, the gateway does not read the bodies of its
   * calls.
   */
  private Optional<RequestedUse> asked(RequestBody body, Optional<ResponseRelay> download) {
    if (asked.isPresent()) {
      return asked;
    }
    OperationKind kind =
        download.isPresent()
            ? download.get().use().kind()
            : OperationKind.of(requested.method(), requested.path());
    return kind == OperationKind.NOTHING
        ? Optional.of(RequestedUse.nothing(body.model()))
        : Optional.empty();
  }
}
