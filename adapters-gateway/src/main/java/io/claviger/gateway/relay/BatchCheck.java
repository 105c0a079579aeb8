package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.domain.objects.BatchRefusal;
import io.claviger.domain.objects.BatchRefusal.Reason;
import io.claviger.domain.objects.BatchVerdict;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.ReferenceErrors;
import java.util.List;
import java.util.Optional;

/** Checks that a caller may make a batch of a file that is theirs. */
final class BatchCheck implements Continuation<Optional<BatchVerdict>> {
  private final AuthorizedCall authorized;
  private final Isolation isolation;
  private final Optional<String> endpoint;
  private final UseDecision decision;
  private final Continuation<UseDecision> then;

  /**
   * @param endpoint the URL that the batch is to call
   * @param decision what is done then
   */
  BatchCheck(
      AuthorizedCall authorized,
      Isolation isolation,
      Optional<String> endpoint,
      UseDecision decision,
      Continuation<UseDecision> then) {
    this.authorized = authorized;
    this.isolation = isolation;
    this.endpoint = endpoint;
    this.decision = decision;
    this.then = then;
  }

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
  public void done(Optional<BatchVerdict> verdict) {
    Optional<String> operation =
        endpoint.flatMap(url -> authorized.standard().format().api().batchOperation(url));
    Optional<BatchRefusal> why =
        verdict
            .orElse(BatchVerdict.of(new BatchRefusal(0, Reason.NOT_SCANNED)))
            .refusal(
                operation.orElse(""),
                new BatchVerdict.Terms(
                    isolation.batched(),
                    authorized.models(),
                    isolation.lends(ObjectKind.RESPONSES)));
    if (why.isPresent()) {
      then.refused(ReferenceErrors.of(why.get()));
    } else {
      then.done(decision);
    }
  }

  @Override
  public void refused(CallError why) {
    then.refused(why);
  }

  @Override
  public void failed(Throwable why) {
    then.failed(why);
  }
}
