package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.gateway.authorize.CallAuthorizer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a call is permitted: first by its head, then perhaps by its model or by another target. */
final class Permission {
  private final CallRecord record;
  private final CallHeaders headers;

  private @Nullable AuthorizedCall authorized;
  private @Nullable CallAuthorizer authorizer;

  Permission(CallRecord record, CallHeaders headers) {
    this.record = record;
    this.headers = headers;
  }

  /**
   * Replaces the earlier permission, whose secrets are wiped.
   *
   * @param given taken over
   */
  void accept(AuthorizedCall given, CallAuthorizer by) {
    AuthorizedCall before = authorized;
    record.authorized(given);
    headers.entitled(given.service(), given.standard().format());
    headers.keySource(given.source());
    authorized = given;
    authorizer = by;
    if (before != null) {
      before.close();
    }
  }

  @Nullable AuthorizedCall authorized() {
    return authorized;
  }

  @Nullable CallAuthorizer authorizer() {
    return authorizer;
  }

  /** Who gave it, where it is known that it was given. */
  CallAuthorizer by() {
    return Objects.requireNonNull(authorizer);
  }

  /** Wipes the secrets. Can be repeated. */
  void close() {
    if (authorized != null) {
      authorized.close();
    }
  }
}
