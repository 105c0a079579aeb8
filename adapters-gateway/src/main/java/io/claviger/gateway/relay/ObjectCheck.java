package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.RequestedBatch;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.ObjectRefusal;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.model.EndpointScan;
import io.claviger.gateway.model.InlineBatchScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that the caller may use all objects in the path and the body of a request. Also finds out
 * which items in the body may keep their ids.
 *
 * @param references the references in the body
 * @param items the items that are in the body together with their content, and the items that an
 *     approval names; the id of such an item stays in the body if the caller may use this id
 * @param then the continuation that receives the decision, or the reason why the call is refused
 */
record ObjectCheck(
    CallObjects objects,
    HeldObjects ledger,
    List<ObjectReference> references,
    List<ObjectReference> items,
    Continuation<UseDecision> then)
    implements Continuation.Before<UseDecision> {

  /** Begins the check. {@code then} may receive the decision before this method returns. */
  void begin() {
    List<ObjectUse> uses;
    try {
      uses = uses();
    } catch (CallRefused e) {
      then.refused(e.error());
      return;
    }
    if (uses.isEmpty()) {
      done(new UseDecision(List.of(), List.of()));
    } else {
      objects.ask(
          () -> ledger.decideAtOnce(objects.service(), objects.caller(), uses),
          () -> ledger.decide(objects.service(), objects.caller(), uses),
          this);
    }
  }

  /**
   * Returns the objects in the request, each with its intended use.
   *
   * @throws CallRefused if an id in the request is not a possible id
   */
  private List<ObjectUse> uses() {
    List<ObjectUse> uses = new ArrayList<>(references.size() + items.size() + 1);
    Optional<ObjectOperation> operation = objects.operation().filter(ObjectOperation::namesObject);
    if (operation.isPresent()) {
      String id =
          operation
              .get()
              .idsIn(objects.path())
              .map(List::getFirst)
              .filter(ObjectName::isId)
              .orElseThrow(() -> new CallRefused(ReferenceErrors.NOT_FOUND));
      uses.add(
          new ObjectUse(
              new ObjectName(operation.get().kind(), id),
              operation.get().action(),
              Isolation.OwnObjects.ALL));
    }
    ProviderApi api = objects.api();
    boolean copied = objects.operation().filter(ObjectOperation::copiesWhatItNames).isPresent();
    boolean filesAreRead =
        objects.body().fillsContainer() || areFilesKept() || api.repeatsFiles(objects.path());
    for (ObjectReference each : references) {
      String id =
          api.objectId(each.kind(), each.id())
              .filter(ObjectName::isId)
              .orElseThrow(() -> new CallRefused(located(ReferenceErrors.NOT_FOUND, each)));
      boolean shown = objects.body().showsContent(each);
      boolean read =
          copied
              || switch (each.kind()) {
                case FILES -> filesAreRead || shown;
                case VECTOR_STORES -> shown;
                case PROMPTS -> shown || continues();
                default -> false;
              };
      uses.add(
          new ObjectUse(
              new ObjectName(each.kind(), id),
              read ? ObjectAction.READ : ObjectAction.REFER,
              objects.isolation().own(each.kind())));
    }
    items.forEach(item -> use(item).ifPresent(uses::add));
    return uses;
  }

  /**
   * Returns the intended use of the object that an item's id names; empty if the id can't be the id
   * of an object.
   */
  private Optional<ObjectUse> use(ObjectReference item) {
    return objects
        .api()
        .objectId(item.kind(), item.id())
        .filter(ObjectName::isId)
        .map(
            id ->
                new ObjectUse(
                    new ObjectName(item.kind(), id),
                    ObjectAction.REFER,
                    objects.isolation().own(item.kind()),
                    false));
  }

  /** Returns the ids of the items whose ids the caller may use. */
  private Set<String> kept(UseDecision decision) {
    Set<ObjectUse> refused = Set.copyOf(decision.refused());
    return items.stream()
        .filter(item -> use(item).filter(use -> !refused.contains(use)).isPresent())
        .map(ObjectReference::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether the request continues something stored, which might refer to files. */
  private boolean continues() {
    return Stream.concat(references.stream(), items.stream())
        .anyMatch(
            each -> each.kind() == ObjectKind.RESPONSES || each.kind() == ObjectKind.CONVERSATIONS);
  }

  /**
   * Whether the request puts files into an object with which a later call can continue, so that the
   * later call could show the files. The later call could copy the files into a container: its
   * token might have limits that permit containers, even if the limits of this call do not. Or a
   * tool could print the files without a container.
   */
  private boolean areFilesKept() {
    AuthorizedCall call = objects.authorized();
    return (objects.isolation().containersLent() || call.provider().printsFiles(call.endpoint()))
        && (objects.operation().filter(ObjectOperation::keepsWhatItNames).isPresent()
            || references.stream().anyMatch(each -> each.kind() == ObjectKind.CONVERSATIONS));
  }

  @Override
  public void done(UseDecision decision) {
    if (!decision.isAllowed()) {
      then.refused(refusal(decision));
      return;
    }
    objects.allowed(decision, kept(decision));
    if (objects.operation().filter(ObjectOperation::makesBatch).isPresent()) {
      checkBatch(decision);
      return;
    }
    Optional<ObjectName> deleted =
        objects
            .operation()
            .filter(ObjectOperation::mayDeleteResults)
            .flatMap(
                operation ->
                    operation
                        .idsIn(objects.path())
                        .map(ids -> new ObjectName(operation.kind(), ids.getFirst())));
    if (deleted.isPresent()) {
      objects.ask(
          Optional::empty,
          () -> ledger.isUncharged(objects.service(), deleted.get()),
          new ChargeCheck(decision, then));
    } else {
      then.done(decision);
    }
  }

  /** Refuses to delete an object that is still needed to charge a batch. */
  private record ChargeCheck(UseDecision decision, Continuation<UseDecision> then)
      implements Continuation.Before<Boolean> {
    @Override
    public void done(Boolean isUncharged) {
      if (isUncharged) {
        then.refused(ReferenceErrors.BATCH_NOT_CHARGED);
      } else {
        then.done(decision);
      }
    }
  }

  private CallError refusal(UseDecision decision) {
    ObjectName first =
        decision.refused().stream().filter(ObjectUse::needed).findFirst().orElseThrow().name();
    ProviderApi api = objects.api();
    return references.stream()
        .filter(each -> each.kind() == first.kind())
        .filter(each -> api.objectId(each.kind(), each.id()).equals(Optional.of(first.id())))
        .findFirst()
        .map(
            each ->
                located(
                    ReferenceErrors.of(
                        new ObjectRefusal(RequestedObjects.reason(each, true), each),
                        objects.serviceName()),
                    each))
        .orElse(ReferenceErrors.NOT_FOUND);
  }

  /**
   * Returns the error for a reference; its message also names the request in the batch with this
   * reference.
   */
  private CallError located(CallError why, ObjectReference reference) {
    return objects.body().batch().map(batch -> batch.locate(why, reference)).orElse(why);
  }

  private void checkBatch(UseDecision decision) {
    Optional<InlineBatchScan> inline = objects.body().batch();
    if (inline.isPresent()) { // The batch's requests were read with the body.
      objects.makes(
          new RequestedBatch(
              inline.get().verdict(),
              Optional.empty(),
              objects.api().longestBatch(Optional.empty())));
      then.done(decision);
      return;
    }
    Optional<String> file = BatchCheck.file(references);
    BatchCheck check = new BatchCheck(objects, file, decision, then);
    if (file.isPresent()) {
      objects.ask(Optional::empty, () -> ledger.verdict(objects.service(), file.get()), check);
    } else {
      check.done(Optional.empty());
    }
  }

  /**
   * Checks that a caller may create a batch from a file, which the caller must hold.
   *
   * @param file the provider's id of the file; empty unless the body names exactly one file
   * @param decision the decision to return if the caller may create the batch
   */
  private record BatchCheck(
      CallObjects objects,
      Optional<String> file,
      UseDecision decision,
      Continuation<UseDecision> then)
      implements Continuation.Before<Optional<BatchVerdict>> {

    /**
     * Returns the input file of the new batch; empty unless the body names exactly one file.
     *
     * @param references the references in the body
     */
    static Optional<String> file(List<ObjectReference> references) {
      return references.size() == 1 && references.getFirst().kind() == ObjectKind.FILES
          ? Optional.of(references.getFirst().id())
          : Optional.empty();
    }

    @Override
    public void done(Optional<BatchVerdict> found) {
      Optional<EndpointScan.Said> said = objects.body().batchOfFile();
      if (said.isPresent() && !said.get().isKnown()) {
        then.refused(ReferenceErrors.ofBatch(Reason.BODY));
        return;
      }
      AuthorizedCall authorized = objects.authorized();
      Isolation isolation = objects.isolation();
      Optional<String> operation =
          said.flatMap(EndpointScan.Said::endpoint)
              .flatMap(url -> objects.api().batchOperation(url));
      BatchVerdict verdict = found.orElse(BatchVerdict.of(new BatchRefusal(0, Reason.NOT_SCANNED)));
      Optional<BatchRefusal> why =
          verdict.refusal(
              operation.orElse(""),
              new BatchVerdict.Terms(
                  isolation.batched(), authorized.models(), isolation.lends(ObjectKind.RESPONSES)));
      if (why.isPresent()) {
        then.refused(ReferenceErrors.of(why.get()));
      } else {
        Optional<String> window = said.flatMap(EndpointScan.Said::window);
        objects.makes(new RequestedBatch(verdict, file, objects.api().longestBatch(window)));
        then.done(decision);
      }
    }
  }
}
