package io.claviger.gateway.relay;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.requests.RequestLinks;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call is permitted: first by its head, then perhaps by its model or by another target. */
final class CallPermission {
  private final CallRecord record;
  private final CallHeaders headers;
  private final RequestLinks links;

  private @Nullable AuthorizedCall authorized;
  private @Nullable CallAuthorizer authorizer;

  CallPermission(CallRecord record, CallHeaders headers, RequestLinks links) {
    this.record = record;
    this.headers = headers;
    this.links = links;
  }

  /** The caller may know the service, although the call is refused. */
  void mayKnow(KnownService service) {
    record.setFormat(service.format());
    headers.entitled(service.name(), service.format());
  }

  /**
   * Replaces the earlier permission, whose secrets are wiped.
   *
   * @param given taken over
   */
  void accept(AuthorizedCall given, CallAuthorizer by) {
    AuthorizedCall before = authorized;
    record.recordAuthorized(given);
    headers.entitled(given.service(), given.standard().format());
    headers.keySource(given.source());
    authorized = given;
    authorizer = by;
    if (before != null) {
      before.close();
    }
  }

  /** Tells the refused caller where to ask for what they lack, where a share would help. */
  void linkRequest(CallError why) {
    why.missing()
        .or(() -> why.model().flatMap(this::missing))
        .flatMap(links::to)
        .ifPresent(headers::requestLink);
  }

  private Optional<MissingTerms> missing(String model) {
    return authorized == null
        ? Optional.empty()
        : authorized.lendable().flatMap(use -> use.missingModel(model));
  }

  /**
   * The call is charged. It may be made as it was permitted before.
   *
   * @param spending taken over
   */
  void charge(CallSpending spending, CallAuthorizer by) {
    AuthorizedCall before = call();
    authorized = before.with(before.readsUse(), spending);
    authorizer = by;
  }

  /** What is asked for; null until it is permitted. */
  @Nullable CallRequest request() {
    return authorizer == null ? null : authorizer.request();
  }

  /** What the permission depends on; null until it is given. */
  AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return authorized == null ? null : authorized.basis();
  }

  /** What may be called. Only once it was given. */
  AuthorizedCall call() {
    return Objects.requireNonNull(authorized);
  }

  /** Who gave it. Only once it was given. */
  CallAuthorizer authorizer() {
    return Objects.requireNonNull(authorizer);
  }

  /**
   * Charges the call as it is recorded. Can be repeated: the first time counts.
   *
   * @param body of the request, as far as it arrived
   */
  void settle(RequestBody body, Optional<ResponseRelay> answer) {
    if (authorized != null && record.isSent()) {
      Optional<RequestedUse> use =
          Optional.ofNullable(authorizer).flatMap(by -> by.request().use());
      CallSpending spending = authorized.spending();
      record.recordCharge(
          use, spending.isStrict(), () -> spending.settle(record.use(body, answer, use)));
    }
  }

  /** Wipes the secrets, and returns what is reserved but not charged. Can be repeated. */
  void close() {
    if (authorized != null) {
      authorized.close();
    }
  }
}
