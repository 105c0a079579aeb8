package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.BatchVerdict;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.ObjectRefusal;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.gateway.authorize.ObjectInquiry;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.model.AnsweredObjects;
import io.claviger.gateway.model.AnsweredObjects.FoundObject;
import io.claviger.gateway.model.CallerScan;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a call has to do with objects that the provider stores: which ones it names, and which ones
 * it leaves behind. Confined to the event loop of the call.
 */
final class CallObjects {
  private static final Logger LOG = LoggerFactory.getLogger(CallObjects.class);

  /** The parent of objects that lists of their kind do not have. No object has this id. */
  private static final String UNLISTED = "-";

  private final CallParts parts;
  private final AuthorizedCall authorized;
  private final Isolation isolation;
  private final ObjectCaller caller;
  private final HeldObjects ledger;

  /** Null if the call's operation is not one on stored objects. */
  private final @Nullable ObjectOperation operation;

  private final String path;
  private final Set<ObjectName> recorded = new HashSet<>();
  private AnsweredObjects.@Nullable Places places;
  private Optional<String> self = Optional.empty();
  private @Nullable OwnRequest deletion;

  /** What is being deleted, because it can't be recorded. */
  private @Nullable NewObject deleting;

  private CallObjects(
      CallParts parts,
      AuthorizedCall authorized,
      Isolation isolation,
      ObjectCaller caller,
      @Nullable ObjectOperation operation,
      String path) {
    this.parts = parts;
    this.authorized = authorized;
    this.isolation = isolation;
    this.caller = caller;
    this.ledger = parts.environment().objects();
    this.operation = operation;
    this.path = path;
  }

  /**
   * Returns null if the call can have nothing to do with stored objects of this account: with the
   * caller's own key, and where no storage is lent.
   *
   * @param path the path that is called, below the service's endpoint
   */
  static @Nullable CallObjects of(CallParts parts, AuthorizedCall authorized, String path) {
    Isolation isolation = authorized.isolation().orElse(Isolation.STORING_NOTHING);
    if (isolation.storage().isEmpty() || isolation.caller().isEmpty()) {
      return null;
    }
    ObjectOperation operation =
        authorized
            .standard()
            .objectOperation(parts.requested().method(), path)
            .filter(each -> isolation.lends(each.kind()))
            .filter(each -> each.effect() != Effect.CREATE || isStored(parts.body()))
            .orElse(null);
    return new CallObjects(parts, authorized, isolation, isolation.caller().get(), operation, path);
  }

  /** Whether a request may leave something behind: it does not say the opposite. */
  private static boolean isStored(RequestBody body) {
    return !body.storage().equals(Optional.of(CallerScan.ResultStorage.NONE));
  }

  /** The operation on stored objects that is called; empty if it is another operation. */
  Optional<ObjectOperation> operation() {
    return Optional.ofNullable(operation);
  }

  boolean isList() {
    return operation != null && operation.effect() == Effect.LIST;
  }

  Isolation isolation() {
    return isolation;
  }

  ObjectCaller caller() {
    return caller;
  }

  Instance.Id service() {
    return authorized.basis().account().instance();
  }

  /**
   * Checks that the caller may use all objects that the request names.
   *
   * @param references those in its body
   * @param then receives the decision, or the refusal. It may be called before this returns
   */
  void check(List<ObjectReference> references, Continuation<UseDecision> then) {
    List<ObjectUse> uses = new ArrayList<>(references.size() + 1);
    try {
      if (operation != null && operation.namesObject()) {
        Optional<List<String>> ids = operation.idsIn(path);
        if (ids.isEmpty()) {
          then.refused(ReferenceErrors.NOT_FOUND);
          return;
        }
        uses.add(
            new ObjectUse(
                new ObjectName(operation.kind(), ids.get().getFirst()), operation.action()));
      }
      for (ObjectReference each : references) {
        Optional<String> id = authorized.standard().format().api().objectId(each.kind(), each.id());
        if (id.isEmpty()) {
          then.refused(ReferenceErrors.NOT_FOUND);
          return;
        }
        uses.add(new ObjectUse(new ObjectName(each.kind(), id.get()), ObjectAction.REFER));
      }
    } catch (InvalidValue notAnId) {
      then.refused(ReferenceErrors.NOT_FOUND);
      return;
    }
    if (uses.isEmpty()) {
      new Checked(references, then).done(new UseDecision(List.of(), List.of()));
      return;
    }
    ask(
        () -> ledger.decideAtOnce(service(), caller, uses),
        () -> ledger.decide(service(), caller, uses),
        new Checked(references, then));
  }

  private <T> void ask(Supplier<Optional<T>> atOnce, Supplier<T> blocking, Continuation<T> then) {
    ObjectInquiry.ask(
        parts.environment().authorization(),
        parts.caller().channel().eventLoop(),
        parts.requested().address(),
        parts.requested().requestId(),
        atOnce,
        blocking,
        then);
  }

  /** Asks the ledger something that it can't answer at once. */
  <T> void ask(Supplier<T> blocking, Continuation<T> then) {
    ask(Optional::empty, blocking, then);
  }

  private CallError refusal(UseDecision decision, List<ObjectReference> references) {
    ObjectName first = decision.refused().getFirst().name();
    return references.stream()
        .filter(each -> each.kind() == first.kind() && each.id().equals(first.id()))
        .findFirst()
        .map(
            each ->
                ReferenceErrors.of(
                    new ObjectRefusal(RequestedObjects.reason(each), each), authorized.service()))
        .orElse(ReferenceErrors.NOT_FOUND);
  }

  private final class Checked implements Continuation<UseDecision> {
    private final List<ObjectReference> references;
    private final Continuation<UseDecision> then;

    Checked(List<ObjectReference> references, Continuation<UseDecision> then) {
      this.references = references;
      this.then = then;
    }

    @Override
    public void done(UseDecision decision) {
      if (decision.isAllowed() && operation != null && operation.makesBatch()) {
        checkBatch(references, decision, then);
      } else if (decision.isAllowed()) {
        then.done(decision);
      } else {
        then.refused(refusal(decision, references));
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

  private void checkBatch(
      List<ObjectReference> references, UseDecision decision, Continuation<UseDecision> then) {
    BatchCheck check =
        new BatchCheck(authorized, isolation, parts.body().endpoint(), decision, then);
    Optional<String> file = BatchCheck.file(references);
    if (file.isPresent()) {
      ask(() -> ledger.verdict(service(), file.get()), check);
    } else {
      check.done(Optional.empty());
    }
  }

  /**
   * Whether an answer is kept back until what it states is recorded.
   *
   * @param status of the answer
   */
  boolean keepsBack(int status) {
    return operation != null && operation.statesObjects() && status >= 200 && status < 300;
  }

  /** Called when the provider has answered. What it has deleted is no longer held by anybody. */
  void answered(int status) {
    boolean gone = (status >= 200 && status < 300) || status == 404 || status == 410;
    if (gone && operation != null && operation.effect() == Effect.DELETE) {
      end(operation);
    }
  }

  private void end(ObjectOperation ended) {
    ended
        .idsIn(path)
        .ifPresent(
            ids ->
                ledger.ended(
                    service(), new ObjectName(ended.kind(), ids.getFirst()), ObjectState.DELETED));
  }

  /** Returns what reads an answer, or an event of one. */
  AnsweredObjects answered() {
    AnsweredObjects.Places known = places;
    if (known == null) {
      known = new AnsweredObjects.Places(operation().orElseThrow());
      places = known;
    }
    return new AnsweredObjects(known);
  }

  /** Whether an event of a stream is usable and states no object that still has to be recorded. */
  boolean isKnown(AnsweredObjects event) {
    return event.isUsable()
        && event.self().equals(self.filter(id -> event.self().isPresent()))
        && event.further().stream().allMatch(each -> recorded.contains(each.name()));
  }

  /**
   * Returns why a stream must not end well: it should have stated an object and has not. Empty if
   * it has.
   */
  Optional<CallError> missing() {
    return self.isPresent() || !statesSelf()
        ? Optional.empty()
        : Optional.of(
            isCreate() ? CallError.OBJECT_NOT_RECORDED : CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  /** Whether the call makes an object. */
  boolean isCreate() {
    return operation != null && operation.creates();
  }

  /** Whether an answer need not state an object, because it may not be the last of an upload. */
  boolean mayStateNothing() {
    return operation != null && operation.effect() == Effect.UPLOAD;
  }

  /** Whether the call makes an object whose id is not known yet. */
  boolean isUnrecorded() {
    return isCreate() && self.isEmpty();
  }

  private boolean statesSelf() {
    return operation != null && operation.statesSelf() && !mayStateNothing();
  }

  /**
   * Records what an answer, or an event of a stream, states.
   *
   * @param then called on the event loop, with the reason why the answer must not pass, if any
   */
  void record(AnsweredObjects found, Consumer<Optional<CallError>> then) {
    Optional<CallError> why = unusable(found);
    if (why.isPresent()) {
      // What a lying provider states is nothing to delete: it may be another's.
      then.accept(why);
      return;
    }
    List<NewObject> made = made(found);
    List<CompletableFuture<Recorded>> outcomes =
        made.stream().map(each -> ledger.record(each).toCompletableFuture()).toList();
    CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
        .thenCompose(done -> keepVerdict())
        .whenComplete(
            (done, failed) ->
                onLoop(() -> recorded(made, failed == null ? outcomes : List.of(), then)));
  }

  /** Keeps what was found in a file. If that fails, it can't become the input of a batch. */
  private CompletionStage<Void> keepVerdict() {
    Optional<String> file = self.filter(id -> isCreate());
    Optional<BatchVerdict> verdict = parts.body().verdict();
    if (file.isEmpty() || verdict.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    return ledger
        .keepVerdict(new ReadFile(service(), file.get(), verdict.get()))
        .exceptionally(
            failed -> {
              LOG.warn(
                  "{}: what was found in a file could not be recorded, so no batch can be made of"
                      + " it",
                  parts.requested().requestId(),
                  failed);
              return null;
            });
  }

  private Optional<CallError> unusable(AnsweredObjects found) {
    ObjectOperation called = operation().orElseThrow();
    boolean named =
        switch (called.effect()) {
          case CREATE, UPLOAD ->
              self.isEmpty() || found.self().isEmpty() || found.self().equals(self);
          case READ, FINISH -> found.self().isEmpty() || found.self().equals(named());
          default -> true;
        };
    boolean states = !statesSelf() || self.isPresent() || found.self().isPresent();
    return found.isUsable() && named && states
        ? Optional.empty()
        : Optional.of(
            isCreate() ? CallError.OBJECT_NOT_RECORDED : CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  private Optional<String> named() {
    return operation().orElseThrow().idsIn(path).map(List::getFirst);
  }

  private List<NewObject> made(AnsweredObjects found) {
    List<NewObject> made = new ArrayList<>(1 + found.further().size());
    ObjectKind kind = operation().orElseThrow().kind();
    if (self.isEmpty()) {
      self = found.self();
      if (isCreate()) {
        self.map(
                id ->
                    new NewObject(
                        service(),
                        new ObjectName(kind, id),
                        caller,
                        isolation.quota(),
                        found.expires(),
                        found.bytes(),
                        Optional.of(UNLISTED).filter(none -> !isListed()),
                        found.purpose()))
            .ifPresent(made::add);
      }
    }
    Optional<String> parent = operation().orElseThrow().namesObject() ? named() : self;
    for (FoundObject each : found.further()) {
      if (isolation.lends(each.name().kind()) && recorded.add(each.name())) {
        made.add(
            new NewObject(
                service(),
                each.name(),
                caller,
                isolation.quota(),
                isNew(each) ? found.expires() : Optional.empty(),
                isNew(each) ? found.bytes() : 0,
                each.isPart() ? parent : Optional.empty(),
                isNew(each) ? found.purpose() : Optional.empty()));
      }
    }
    return made;
  }

  private boolean isListed() {
    return operation().orElseThrow().listed();
  }

  /** Whether an answer states the details of this object, and not those of the one it came from. */
  private boolean isNew(FoundObject each) {
    return !each.isPart() && operation().orElseThrow().effect() == Effect.FINISH;
  }

  private void recorded(
      List<NewObject> made,
      List<CompletableFuture<Recorded>> outcomes,
      Consumer<Optional<CallError>> then) {
    Optional<Recorded> worst =
        outcomes.isEmpty() && !made.isEmpty()
            ? Optional.of(Recorded.GONE)
            : outcomes.stream().map(CompletableFuture::join).max(Enum::compareTo);
    switch (worst.orElse(Recorded.RECORDED)) {
      case RECORDED -> {
        if (operation().orElseThrow().effect() == Effect.FINISH) {
          end(operation().orElseThrow());
        }
        then.accept(Optional.empty());
      }
      case HELD -> then.accept(Optional.of(CallError.OBJECT_NOT_RECORDED));
      case FULL -> delete(made, CallError.TOO_MANY_OBJECTS, then);
      case GONE -> delete(made, CallError.OBJECT_NOT_RECORDED, then);
    }
  }

  /** Deletes what the call has made, because it can't be recorded. */
  private void delete(List<NewObject> made, CallError why, Consumer<Optional<CallError>> then) {
    Optional<NewObject> object =
        made.stream()
            .filter(each -> isCreate() && self.equals(Optional.of(each.name().id())))
            .findFirst();
    if (object.isEmpty()) {
      then.accept(Optional.of(why));
      return;
    }
    OwnRequest request =
        request(
            HttpMethod.DELETE,
            operation().orElseThrow().pathOf(path, object.get().name().id()),
            answer -> {
              deletion = null;
              deleting = null;
              if (!answer.isSuccess() && answer.status() != 404) {
                orphan(object.get());
              }
              then.accept(Optional.of(why));
            });
    deletion = request;
    deleting = object.get();
    request.start();
  }

  /** Leaves it to a periodic task to delete an object at the provider. */
  private void orphan(NewObject object) {
    ledger
        .record(object.orphaned())
        .whenComplete(
            (outcome, failed) -> {
              if (failed != null || outcome != Recorded.RECORDED) {
                LOG.error(
                    "{}: {} {} of service {} was made at the provider, but is held by nobody and"
                        + " could not be deleted there. The owner of the service finds it with"
                        + " claviger objects reconcile",
                    parts.requested().requestId(),
                    object.name().kind().wireName(),
                    object.name().id(),
                    authorized.service(),
                    failed);
              }
            });
  }

  /**
   * Gives up an answer that does not arrive, or is too large to be kept back.
   *
   * @param found what was read of it so far
   */
  void giveUp(AnsweredObjects found, Consumer<CallError> then) {
    List<NewObject> made = madeBy(found);
    delete(made, CallError.OBJECT_NOT_RECORDED, why -> then.accept(why.orElseThrow()));
  }

  /** Gives up an answer whose caller has left before it was complete. */
  void abandon(AnsweredObjects found) {
    if (deleting == null) {
      madeBy(found).forEach(this::orphan);
    }
  }

  private List<NewObject> madeBy(AnsweredObjects found) {
    if (self.isPresent() || !isCreate() || !found.isUsable()) {
      return List.of();
    }
    return made(found).stream().filter(each -> self.equals(Optional.of(each.name().id()))).toList();
  }

  /** Makes a request to the provider of this call. */
  OwnRequest request(HttpMethod method, String below, OwnRequest.Receiver receiver) {
    return new OwnRequest(
        authorized,
        parts.requested().head(),
        method,
        below,
        parts.permission().authorizer().parsed().credential().asBearer(),
        parts.environment().pool(),
        parts.caller().channel().alloc(),
        receiver);
  }

  private void onLoop(Runnable task) {
    try {
      parts.caller().channel().eventLoop().execute(GuardedTask.logged(task));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: the event loop ended", parts.requested().requestId());
    }
  }

  /** The call is over. What it still deletes is left to a periodic task. Can be repeated. */
  void close() {
    OwnRequest open = deletion;
    NewObject left = deleting;
    deletion = null;
    deleting = null;
    if (open != null) {
      open.close();
    }
    if (left != null) {
      orphan(left);
    }
  }
}
