package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.RequestedBatch;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.ReferenceErrors;
import java.util.List;
import java.util.Optional;

/**
 * Checks that a caller may make a batch of a file that is theirs.
 *
 * @param file the provider's id of the file; empty if the body does not name exactly one
 * @param decision what is done then
 */
record BatchCheck(
    CallObjects objects,
    Optional<String> file,
    UseDecision decision,
    Continuation<UseDecision> then)
    implements Continuation.Before<Optional<BatchVerdict>> {

  /**
   * Returns the file of which a batch is to be made; empty if the body does not name exactly one.
   *
   * @param references those in the body
   */
  static Optional<String> file(List<ObjectReference> references) {
    return references.size() == 1 && references.getFirst().kind() == ObjectKind.FILES
        ? Optional.of(references.getFirst().id())
        : Optional.empty();
  }

  @Override
  public void done(Optional<BatchVerdict> found) {
    AuthorizedCall authorized = objects.authorized();
    Isolation isolation = objects.isolation();
    Optional<String> operation =
        objects.endpoint().flatMap(url -> authorized.standard().format().api().batchOperation(url));
    BatchVerdict verdict = found.orElse(BatchVerdict.of(new BatchRefusal(0, Reason.NOT_SCANNED)));
    Optional<BatchRefusal> why =
        verdict.refusal(
            operation.orElse(""),
            new BatchVerdict.Terms(
                isolation.batched(), authorized.models(), isolation.lends(ObjectKind.RESPONSES)));
    if (why.isPresent()) {
      then.refused(ReferenceErrors.of(why.get()));
    } else {
      objects.makes(new RequestedBatch(verdict, file));
      then.done(decision);
    }
  }
}
