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
import org.jspecify.annotations.Nullable;

/**
 * The permission of a call: first the permission for the call's head, then perhaps another
 * permission for the model of the call or for another target.
 */
final class CallPermission {
  private final CallRecord record;
  private final CallHeaders headers;
  private final RequestLinks links;

  private @Nullable AuthorizedCall authorized;
  private @Nullable CallAuthorizer authorizer;

  /**
   * Whether a response occupies no place of its own among the caller's concurrent calls, but uses
   * the place that its WebSocket occupies.
   */
  private boolean isPlaceLent;

  /**
   * Whether the reservation for a target was returned before permission for the next target was
   * requested.
   */
  private boolean isGivenBack;

  CallPermission(CallRecord record, CallHeaders headers, RequestLinks links) {
    this.record = record;
    this.headers = headers;
    this.links = links;
  }

  /** Records that the caller may know the service. Called if the call is refused. */
  private void mayKnow(KnownService service) {
    record.setFormat(service.format());
    headers.entitled(service.name(), service.format());
  }

  /**
   * Records what is known about a refused call.
   *
   * @return the error with which the call has to be answered
   */
  CallError refused(AuthorizationOutcome.Refused why, CallAuthorizer asked) {
    why.caller().ifPresent(record::setCaller);
    why.service().ifPresent(this::mayKnow);
    return asked.errorOf(why);
  }

  /**
   * Replaces the earlier permission of the call, and wipes the secrets of the earlier permission.
   *
   * @param given the new permission; from now on, this object has to wipe its secrets
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
   * Returns the error together with the values that the limits allow. If a share would help, the
   * message ends with a link to the page on which the caller can request a share. The link is also
   * in a header of the answer. The message contains the link because few clients show headers.
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
   * Adds to the error the names of the models that the limits permit, unless the caller is a member
   * of a project.
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
   * Takes over what was reserved for the call. The permission itself stays the same.
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
   * Sets the token with which the call is sent.
   *
   * @param token the token; from now on, this object has to wipe it
   */
  void attach(Secret token) {
    authorized = call().withToken(token);
  }

  /** The request of the call; null until the call is permitted. */
  @Nullable CallRequest request() {
    return authorizer == null ? null : authorizer.request();
  }

  /** The facts on which the permission depends; null before the call is permitted. */
  AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return authorized == null ? null : authorized.basis();
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
   * Charges what the call has used. The method may be called repeatedly, but only the first call
   * charges.
   *
   * @param body the part of the request's body that has arrived
   */
  void settle(RequestBody body, Optional<ResponseRelay> answer) {
    if (authorized != null && record.isSent()) {
      ObeyedCaps caps = authorized.provider().caps();
      CallSpending spending = authorized.spending();
      Optional<RequestedUse> use =
          authorizer == null
              ? Optional.empty()
              : authorizer.request().use().at(caps, spending.isStrict());
      record.recordCharge(
          use, spending.isStrict(), () -> spending.settle(record.use(body, answer, use)));
    }
  }

  /**
   * Gives back the reservation for a target that has refused the call or was not reached, because
   * the next target may need room in the same budgets and limits.
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
   * Whether the reservation was given back. If it was, the call has to reserve again before it is
   * sent to the target again.
   */
  boolean isGivenBack() {
    return isGivenBack;
  }

  /**
   * Lets a response use the place that its WebSocket has among the caller's concurrent calls.
   *
   * @return false if another response on the same WebSocket uses this place now
   */
  boolean lendPlace() {
    boolean isFree = !isPlaceLent;
    isPlaceLent = true;
    return isFree;
  }

  /** Called when the response that was using the WebSocket's place has ended. */
  void placeIsFree() {
    isPlaceLent = false;
  }

  /**
   * Gives back the reservation of a call that has not been sent to a provider and will not be sent.
   */
  void giveBack() {
    if (authorized != null) {
      authorized.spending().close();
    }
  }

  /**
   * Marks the call as one that opens a WebSocket, which ends when the terms of its service change.
   */
  void holdOpen() {
    authorized = call().asConnection();
  }

  /**
   * Wipes the secrets, and gives back the part of the reservation that has not been charged. This
   * method can be called repeatedly.
   */
  void close() {
    if (authorized != null) {
      authorized.close();
    }
  }
}
