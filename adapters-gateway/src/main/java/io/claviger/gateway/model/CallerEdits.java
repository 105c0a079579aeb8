package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.objects.Isolation;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes two things into a body that was read: the names of the caller, and an instruction that the
 * provider must not store anything. Only used on an event loop.
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

  /** Returns null if the scan is null, because then nothing has to be written into the body. */
  static @Nullable CallerEdits of(@Nullable CallerScan scan) {
    return scan == null ? null : new CallerEdits(scan);
  }

  /**
   * @param called the name by which the provider knows the called model; empty if the name is not
   *     known
   * @param reasons tells whether a model, when called at an endpoint, is known to reason
   * @throws io.claviger.gateway.errors.CallRefused if the names can't be written, or if the
   *     provider would store something although storage of that kind is not lent
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

  /** Whether the provider is to store the result; empty if the body does not say. */
  Optional<CallerScan.ResultStorage> storage() {
    return storage;
  }

  /**
   * Whether the gateway asks for the reasoning of the response although the caller did not ask for
   * it.
   */
  boolean includesReasoning() {
    return includesReasoning;
  }

  /**
   * Called when the provider has refused to include the reasoning: from then on, the body no longer
   * requests the reasoning.
   */
  void leaveOutReasoning() {
    reasoningRefused = true;
  }
}
