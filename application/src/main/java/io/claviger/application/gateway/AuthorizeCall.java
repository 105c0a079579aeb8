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
     * @param format of the service's API standard, known to a caller once they are entitled to the
     *     service; empty before
     */
    record Refused(CallRefusal why, Optional<WireFormat> format) implements Outcome {}
  }
}
