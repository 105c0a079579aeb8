package io.claviger.application.gateway;

import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.standards.WireFormat;
import java.util.Optional;

/**
 * Decides about one call through the gateway, and hands out what it takes to make it. Blocks on the
 * database.
 */
public interface AuthorizeCall {
  Outcome authorize(Call call);

  /**
   * @param path below the service, without a leading slash and without a query, decoded nowhere
   * @param address the caller's
   */
  record Call(
      TokenText token,
      Through through,
      String method,
      String path,
      String address,
      String requestId) {}

  /** A passage, or why not. */
  sealed interface Outcome {
    /** The receiver closes the passage when the call has ended. */
    record Authorized(Passage passage) implements Outcome {}

    /**
     * @param service known to a caller once they are entitled to it; empty before
     */
    record Refused(CallRefusal why, Optional<KnownService> service) implements Outcome {}
  }

  /**
   * What a caller may know of the service they are entitled to.
   *
   * @param name {@code owner/handle}, or the project's for a member who can't see the service
   */
  record KnownService(String name, WireFormat format) {}
}
