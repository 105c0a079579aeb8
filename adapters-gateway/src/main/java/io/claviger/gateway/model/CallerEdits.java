package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.objects.Isolation;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes two things into a body that has already been read: the names by which the provider knows
 * the caller, and the instruction to store nothing. Only used on an event loop.
 */
final class CallerEdits {
  private final CallerScan scan;
  private BodyEdits edits = BodyEdits.NONE;
  private Optional<CallerScan.ResultStorage> storage = Optional.empty();

  /** The model whose reasoning the gateway requests on its own; null if it requests none. */
  private @Nullable String reasoningOf;

  private boolean reasoningRefused;

  CallerEdits(CallerScan scan) {
    this.scan = scan;
  }

  /**
   * Returns the edits of the fields that the scan finds; null if the scan is null, because then the
   * body has no fields to write.
   */
  static @Nullable CallerEdits of(@Nullable CallerScan scan) {
    return scan == null ? null : new CallerEdits(scan);
  }

  /**
   * @param called the model's name at the provider; empty if the name is unknown
   * @param reasoning the object that decides for which models the reasoning is requested
   * @throws CallRefused if the gateway can't write the names, or if the provider would store an
   *     object of a kind that the service does not lend. A call that limits count until the
   *     provider's work ends is also refused if the provider would continue to work after the end
   *     of the call
   */
  void write(AuthorizedCall authorized, Optional<String> called, IncludedReasoning reasoning) {
    edits = BodyEdits.NONE;
    storage = Optional.empty();
    reasoningOf = null;
    if (authorized.names().isPresent()) {
      CallerNames own = authorized.names().get();
      Isolation apart = authorized.isolation().orElseThrow();
      edits =
          scan.edits(
              own,
              apart,
              authorized.service(),
              () -> requestsReasoning(authorized, called.orElse(""), reasoning));
      if (scan.isBackground() && authorized.countsWork()) {
        throw new CallRefused(CallError.BACKGROUND_NOT_COUNTED);
      }
      storage = scan.storage(own, apart);
    }
  }

  private boolean requestsReasoning(
      AuthorizedCall authorized, String model, IncludedReasoning reasoning) {
    boolean requests = !reasoningRefused && reasoning.isRequested(authorized, model);
    reasoningOf = requests ? model : null;
    return requests;
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
    return reasoningOf != null;
  }

  /**
   * Called after the provider has refused to include the reasoning. Leaves the request for the
   * reasoning out from now on. Remembers the refusal, unless another value in the caller's request
   * might be the reason.
   */
  void reasoningRefused(AuthorizedCall authorized, IncludedReasoning reasoning) {
    if (reasoningOf != null && !scan.requestsMore()) {
      reasoning.refused(authorized, reasoningOf);
    }
    leaveOutReasoning();
  }

  /**
   * From now on, {@link #write} does not add the gateway's own request for the reasoning to the
   * body.
   */
  void leaveOutReasoning() {
    reasoningRefused = true;
  }
}
