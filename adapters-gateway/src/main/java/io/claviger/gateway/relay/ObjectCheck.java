package io.claviger.gateway.relay;

import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.ObjectRefusal;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.ReferenceErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks that the caller may use all objects that a request names, in its path and its body. */
final class ObjectCheck implements Continuation<UseDecision> {
  private final CallObjects objects;
  private final HeldObjects ledger;
  private final List<ObjectReference> references;
  private final Continuation<UseDecision> then;

  /**
   * @param references those in the body
   * @param then receives the decision, or the refusal
   */
  ObjectCheck(
      CallObjects objects,
      HeldObjects ledger,
      List<ObjectReference> references,
      Continuation<UseDecision> then) {
    this.objects = objects;
    this.ledger = ledger;
    this.references = references;
    this.then = then;
  }

  /** Begins. The decision may come before this returns. */
  void begin() {
    Optional<List<ObjectUse>> uses = uses();
    if (uses.isEmpty()) {
      then.refused(ReferenceErrors.NOT_FOUND);
    } else if (uses.get().isEmpty()) {
      done(new UseDecision(List.of(), List.of()));
    } else {
      objects.ask(
          () -> ledger.decideAtOnce(objects.service(), objects.caller(), uses.get()),
          () -> ledger.decide(objects.service(), objects.caller(), uses.get()),
          this);
    }
  }

  /** The uses of objects that the request asks for; empty if it names one that can't exist. */
  private Optional<List<ObjectUse>> uses() {
    List<ObjectUse> uses = new ArrayList<>(references.size() + 1);
    Optional<ObjectOperation> operation = objects.operation().filter(ObjectOperation::namesObject);
    try {
      if (operation.isPresent()) {
        Optional<List<String>> ids = operation.get().idsIn(objects.path());
        if (ids.isEmpty()) {
          return Optional.empty();
        }
        uses.add(
            new ObjectUse(
                new ObjectName(operation.get().kind(), ids.get().getFirst()),
                operation.get().action()));
      }
      ProviderApi api = objects.authorized().standard().format().api();
      for (ObjectReference each : references) {
        Optional<String> id = api.objectId(each.kind(), each.id());
        if (id.isEmpty()) {
          return Optional.empty();
        }
        uses.add(new ObjectUse(new ObjectName(each.kind(), id.get()), ObjectAction.REFER));
      }
    } catch (InvalidValue notAnId) {
      return Optional.empty();
    }
    return Optional.of(uses);
  }

  @Override
  public void done(UseDecision decision) {
    if (!decision.isAllowed()) {
      then.refused(refusal(decision));
      return;
    }
    objects.allowed(decision);
    if (objects.operation().filter(ObjectOperation::makesBatch).isPresent()) {
      checkBatch(decision);
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

  private CallError refusal(UseDecision decision) {
    ObjectName first = decision.refused().getFirst().name();
    return references.stream()
        .filter(each -> each.kind() == first.kind() && each.id().equals(first.id()))
        .findFirst()
        .map(
            each ->
                ReferenceErrors.of(
                    new ObjectRefusal(RequestedObjects.reason(each), each), objects.serviceName()))
        .orElse(ReferenceErrors.NOT_FOUND);
  }

  private void checkBatch(UseDecision decision) {
    BatchCheck check =
        new BatchCheck(
            objects.authorized(), objects.isolation(), objects.endpoint(), decision, then);
    Optional<String> file = BatchCheck.file(references);
    if (file.isPresent()) {
      objects.ask(Optional::empty, () -> ledger.verdict(objects.service(), file.get()), check);
    } else {
      check.done(Optional.empty());
    }
  }
}
