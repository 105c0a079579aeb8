package io.claviger.gateway.relay;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.requests.RequestLinks;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The permission of a call. The first permission is given for the call's head. A permission for the
 * call's model or for another target later replaces the first permission.
 */
final class CallPermission {
  private final CallRecord record;
  private final CallHeaders headers;
  private final RequestLinks links;

  private @Nullable AuthorizedCall authorized;
  private @Nullable CallAuthorizer authorizer;

  /**
   * Whether a response is under way that counts together with its WebSocket as a single concurrent
   * call of the caller.
   */
  private boolean isPlaceLent;

  /** Whether the reservation for a target was returned before the next target was authorized. */
  private boolean isGivenBack;

  CallPermission(CallRecord record, CallHeaders headers, RequestLinks links) {
    this.record = record;
    this.headers = headers;
    this.links = links;
  }

  /** Records that the caller is allowed to know the service. Called for a refused call. */
  private void mayKnow(KnownService service) {
    record.setFormat(service.format());
    headers.entitled(service.name(), service.format());
  }

  /**
   * Records the known facts about a refused call.
   *
   * @return the error to answer with
   */
  CallError refused(AuthorizationOutcome.Refused why, CallAuthorizer asked) {
    why.caller().ifPresent(record::setCaller);
    why.service().ifPresent(this::mayKnow);
    return asked.errorOf(why);
  }

  /**
   * Replaces the earlier permission of the call, and erases its secrets.
   *
   * @param given the new permission; from now on, this object has to erase its secrets
   */
  void accept(AuthorizedCall given, CallAuthorizer authorizer) {
    AuthorizedCall before = authorized;
    record.recordAuthorized(given);
    headers.entitled(given.service(), given.standard().format());
    headers.keySource(given.source());
    headers.location(given.standard().format().api().location(given.endpoint().path()));
    headers.spending(given.spending());
    authorized = given;
    this.authorizer = authorizer;
    isGivenBack = false;
    if (before != null) {
      before.close();
    }
  }

  /**
   * Returns the error. If the error is about the model, the permitted models are added. If a share
   * would help, a link at the end of the message leads to the page on which the caller can request
   * a share. The link is also in a header of the answer. The link is in the message, too, because
   * few clients show headers.
   */
  CallError linkRequest(CallError why) {
    Optional<String> link =
        why.missing().or(() -> why.model().flatMap(this::missing)).flatMap(links::to);
    link.ifPresent(headers::requestLink);
    CallError naming = namingModels(why);
    return link.map(url -> naming.saying(naming.message() + " Ask the owner for it: " + url))
        .orElse(naming);
  }

  /**
   * Adds the permitted models to the error, unless the caller uses the service through a project.
   */
  private CallError namingModels(CallError why) {
    if (authorized == null
        || !why.code().equals(CallRefusal.MODEL_NOT_ALLOWED.code())
        || !why.message().equals(CallRefusal.MODEL_NOT_ALLOWED.message())
        || authorized.basis().account().project().isPresent()) {
      return why;
    }
    return authorized
        .basis()
        .models()
        .map(some -> some.stream().map(ModelPattern::value).toList())
        .map(CallRefusal.MODEL_NOT_ALLOWED::naming)
        .map(why::saying)
        .orElse(why);
  }

  private Optional<MissingTerms> missing(String model) {
    return authorized == null
        ? Optional.empty()
        : authorized.terms().lendable().flatMap(use -> use.missingModel(model));
  }

  /**
   * Takes over the call's reservation. The permission stays the same.
   *
   * @param spending the reservation; from now on, this object has to return it
   */
  void charge(CallSpending spending, CallAuthorizer authorizer) {
    AuthorizedCall before = call();
    authorized = before.with(before.readsUse(), spending);
    headers.spending(spending);
    this.authorizer = authorizer;
    isGivenBack = false;
  }

  /**
   * Sets the token that is sent with the call.
   *
   * @param token the token; from now on, this object has to erase it
   */
  void attach(Secret token) {
    authorized = call().withToken(token);
  }

  /** The request of the call; null before the call is permitted. */
  @Nullable CallRequest request() {
    return authorizer == null ? null : authorizer.request();
  }

  /** The facts on which the permission depends; null before the call is permitted. */
  AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return authorized == null ? null : authorized.basis();
  }

  /** The id under which the caller is counted; null before the call is permitted. */
  @Nullable UUID countedAs() {
    return authorized == null ? null : authorized.countedAs();
  }

  /** Returns the permitted call. Must be called only after the call has been permitted. */
  AuthorizedCall call() {
    return Objects.requireNonNull(authorized);
  }

  /**
   * Returns the authorizer that permitted the call. Must be called only after the call has been
   * permitted.
   */
  CallAuthorizer authorizer() {
    return Objects.requireNonNull(authorizer);
  }

  /**
   * Charges the call for its use. Only the first call of this method has an effect.
   *
   * @param body the request's body, as far as it has arrived
   */
  void settle(RequestBody body, Optional<ResponseRelay> answer) {
    if (authorized != null && record.isSent()) {
      ObeyedCaps caps = authorized.caps();
      CallSpending spending = authorized.spending();
      Optional<RequestedUse> use =
          authorizer == null
              ? Optional.empty()
              : authorizer.request().use().at(caps, spending.isStrict());
      record.recordCharge(use, spending, () -> record.use(body, answer, use));
    }
  }

  /**
   * Gives back the reservation for a target that refused the call or was unreachable, because the
   * next target might need the same budgets and limits.
   */
  void endAttempt() {
    if (authorized != null) {
      if (record.isSent()) {
        record.markRefused();
      }
      authorized.spending().giveBack();
      isGivenBack = !authorized.spending().equals(CallSpending.NONE);
    }
  }

  /**
   * Whether the reservation was returned, so that a new reservation is necessary before the call is
   * sent to the same target again.
   */
  boolean isGivenBack() {
    return isGivenBack;
  }

  /**
   * Lets a response count together with its WebSocket as a single concurrent call of the caller.
   *
   * @return false if another response of the WebSocket already counts like this
   */
  boolean lendPlace() {
    boolean isFree = !isPlaceLent;
    isPlaceLent = true;
    return isFree;
  }

  /** Called at the end of the response that counted together with its WebSocket. */
  void placeIsFree() {
    isPlaceLent = false;
  }

  /** Gives back the reservation of a call that is not sent to a provider. */
  void giveBack() {
    if (authorized != null) {
      authorized.spending().close();
    }
  }

  /** Marks the call as a WebSocket. A WebSocket ends if the terms of its service change. */
  void holdOpen() {
    authorized = call().asConnection();
  }

  /**
   * Erases the secrets, and gives back the uncharged part of the reservation. This method can be
   * called repeatedly.
   */
  void close() {
    if (authorized != null) {
      authorized.close();
    }
  }
}
