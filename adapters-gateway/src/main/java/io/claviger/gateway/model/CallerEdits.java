package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.objects.Isolation;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes the caller's names and the instruction to store nothing into a body that has been read.
 * Only used on an event loop.
 */
final class CallerEdits {
  private final CallerScan scan;
  private BodyEdits edits = BodyEdits.NONE;
  private Optional<CallerScan.ResultStorage> storage = Optional.empty();
  private boolean includesReasoning;
  private boolean reasoningRefused;

  CallerEdits(CallerScan scan) {
    this.scan = scan;
  }

  /** Returns null if the scan is null, because then the body has no fields to write. */
  static @Nullable CallerEdits of(@Nullable CallerScan scan) {
    return scan == null ? null : new CallerEdits(scan);
  }

  /**
   * @param called the provider's name for the model; empty if the name is unknown
   * @param reasons tells whether a model at an endpoint is known to reason
   * @throws io.claviger.gateway.errors.CallRefused if the gateway can't write the names, or if the
   *     provider would store an object of a kind that the service does not lend
   */
  void write(
      AuthorizedCall authorized, Optional<String> called, BiPredicate<Endpoint, String> reasons) {
    edits = BodyEdits.NONE;
    storage = Optional.empty();
    includesReasoning = false;
    if (authorized.names().isPresent()) {
      CallerNames own = authorized.names().get();
      Isolation apart = authorized.isolation().orElseThrow();
      edits =
          scan.edits(
              own,
              apart,
              authorized.service(),
              () -> asksForReasoning(authorized, called, reasons));
      storage = scan.storage(own, apart);
    }
  }

  private boolean asksForReasoning(
      AuthorizedCall authorized, Optional<String> called, BiPredicate<Endpoint, String> reasons) {
    includesReasoning =
        !reasoningRefused
            && called.filter(name -> reasons.test(authorized.endpoint(), name)).isPresent();
    return includesReasoning;
  }

  BodyEdits edits() {
    return edits;
  }

  /** Whether the provider should store the result; empty if the body does not say. */
  Optional<CallerScan.ResultStorage> storage() {
    return storage;
  }

  /**
   * Whether the gateway requests the reasoning of the response on its own, without the caller's
   * request.
   */
  boolean includesReasoning() {
    return includesReasoning;
  }

  /**
   * Called after the provider has refused to include the reasoning. From now on, the body does not
   * request the reasoning.
   */
  void leaveOutReasoning() {
    reasoningRefused = true;
  }
}
