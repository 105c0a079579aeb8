package io.claviger.gateway.relay;

import io.claviger.application.budgets.CallSpending.ReservedBatch;
import io.claviger.application.gateway.CallAuthorization.RequestedBatch;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
import io.claviger.application.objects.HeldObjects.UseDecision;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.Origin;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.formats.ObjectRemoval;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.model.CallerScan;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects at the provider that a call names or creates. Only used on the event loop of the
 * call.
 */
final class CallObjects {
  private static final Logger LOG = LoggerFactory.getLogger(CallObjects.class);

  /** The maximum size, in bytes, of an answer that only reports success or failure. */
  private static final int LITTLE = 64 << 10;

  /** The maximum time, in seconds, for which a call waits until the end of an object is stored. */
  private static final int MOST_SECONDS = 5;

  private final CallParts parts;
  private final AuthorizedCall authorized;
  private final Isolation isolation;
  private final ObjectCaller caller;
  private final HeldObjects ledger;

  /** The call's operation on stored objects; null if the call works on no stored objects. */
  private final @Nullable ObjectOperation operation;

  private final String path;
  private final Consumer<Throwable> onFailure;

  /** The ids of items in the body that the caller may use. */
  private Set<String> keptItems = Set.of();

  /** The ledger's row for the object in the path; null if there is no row. */
  private @Nullable ProviderObject named;

  /**
   * The recorder of the objects in the answer; null before the answer arrives, and if there is
   * nothing to record.
   */
  private @Nullable ObjectRecorder recorder;

  /**
   * The input of the new batch; null before the input has been checked, and if the call creates no
   * batch.
   */
  private @Nullable RequestedBatch batch;

  /** The write that ends objects of this call in the ledger; null if the call has ended none. */
  private @Nullable CompletionStage<Void> ending;

  private CallObjects(
      CallParts parts,
      AuthorizedCall authorized,
      Isolation isolation,
      ObjectCaller caller,
      @Nullable ObjectOperation operation,
      String path,
      Consumer<Throwable> onFailure) {
    this.parts = parts;
    this.authorized = authorized;
    this.isolation = isolation;
    this.caller = caller;
    this.ledger = parts.environment().objects();
    this.operation = operation;
    this.path = path;
    this.onFailure = onFailure;
  }

  /**
   * Returns the objects of a call; null if the call can't use or create stored objects in the
   * service's account. The result is null for a call with the caller's own key. Also null if the
   * service lends no storage and the body names no object that could be shared.
   *
   * @param path the path below the service's endpoint
   * @param onFailure an action that ends the call after an unexpected exception in a task for which
   *     the call waits
   */
  static @Nullable CallObjects of(
      CallParts parts, AuthorizedCall authorized, String path, Consumer<Throwable> onFailure) {
    Isolation isolation = authorized.isolation().orElse(Isolation.STORING_NOTHING);
    boolean uses = !isolation.storage().isEmpty() || !parts.body().references().isEmpty();
    if (!uses || isolation.caller().isEmpty()) {
      return null;
    }
    ObjectOperation operation =
        authorized
            .standard()
            .objectOperation(parts.requested().method(), path)
            .flatMap(each -> called(each, isolation, parts.body()))
            .orElse(null);
    return new CallObjects(
        parts, authorized, isolation, isolation.caller().get(), operation, path, onFailure);
  }

  /**
   * Returns the operation, reduced to what this call can do with stored objects. Even without a
   * stored result, the call might create other objects that remain, such as the container of a
   * tool.
   */
  private static Optional<ObjectOperation> called(
      ObjectOperation operation, Isolation isolation, RequestBody body) {
    boolean creates = operation.effect() == Effect.CREATE;
    if (isolation.lends(operation.kind()) && (!creates || isStored(body))) {
      return Optional.of(operation);
    }
    return creates ? operation.leaving(left(isolation, body)) : Optional.empty();
  }

  /** The kinds of objects that might remain if the result is not stored. */
  private static Set<ObjectKind> left(Isolation isolation, RequestBody body) {
    return isolation.storage().stream()
        .filter(kind -> kind != ObjectKind.FILES || body.makesFiles())
        .filter(kind -> kind != ObjectKind.RESPONSES || body.asksForSpeech())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether the provider may store the result. The provider may store the result unless the request
   * forbids this.
   */
  private static boolean isStored(RequestBody body) {
    return !body.storage().equals(Optional.of(CallerScan.ResultStorage.NONE));
  }

  /** The call's operation on stored objects; empty if the call works on no stored objects. */
  Optional<ObjectOperation> operation() {
    return Optional.ofNullable(operation);
  }

  /** Whether the call names or works on objects, or might leave objects at the provider. */
  boolean areUsed() {
    return operation != null
        || !parts.body().references().isEmpty()
        || !parts.body().keepableItems().isEmpty();
  }

  /** Whether the call creates a batch. */
  boolean makesBatch() {
    return operation != null && operation.makesBatch();
  }

  boolean isList() {
    return operation != null && operation.effect() == Effect.LIST;
  }

  /** Returns the ledger query for the objects of the requested list. */
  Wanted wanted(RequestedPage page) {
    ObjectOperation list = operation().orElseThrow();
    return new Wanted(
        Set.of(service()),
        caller.holder(),
        Optional.of(caller.token()).filter(token -> caller.confined()),
        list.kind(),
        page.ids(),
        page.purpose(),
        authorized.standard().format().api().storage().idBeginning(list),
        Optional.empty());
  }

  /**
   * The source of a list with only this service's objects. If the call got a new permission after
   * its objects were checked, the newest permission contains the key: the key of the earlier
   * permission was erased.
   */
  ObjectListing.Sources source(
      CallAuthorizer authorizer, boolean tokenAsBearer, @Nullable OwnAddresses addresses) {
    return new ObjectListing.Sources() {
      @Override
      public void open(
          Collection<Instance.Id> services, Duration most, Consumer<ObjectListing.Opened> then) {
        then.accept(
            new ObjectListing.Opened(
                Map.of(
                    service(),
                    new ObjectListing.Source(
                        parts.permission().call(), authorizer, path, tokenAsBearer, addresses)),
                Map.of()));
      }

      @Override
      public String name(Instance.Id service) {
        return serviceName();
      }

      @Override
      public void close() {
        // There is nothing to close here: the call itself ends the permission of this source.
      }
    };
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

  AuthorizedCall authorized() {
    return authorized;
  }

  ProviderApi api() {
    return authorized.standard().format().api();
  }

  /** The name of the service; if a project was called, the name of the project. */
  String serviceName() {
    return authorized.service();
  }

  /** The path below the service's endpoint. */
  String path() {
    return path;
  }

  String requestId() {
    return parts.requested().requestId();
  }

  RequestBody body() {
    return parts.body();
  }

  /**
   * The memory size of the containers that tools make for this call; empty if the body states no
   * size or several sizes, or was not read.
   */
  Optional<String> memoryOfContainers() {
    List<String> stated =
        parts.body().use().at(authorized.caps(), false).stream()
            .flatMap(use -> use.feesAtMost().counts().keySet().stream())
            .filter(piece -> piece.what() == FeeKind.CODE_INTERPRETER)
            .map(FeePiece::quality)
            .toList();
    return stated.size() == 1
        ? stated.stream().filter(of -> !of.isEmpty()).findFirst()
        : Optional.empty();
  }

  /**
   * Checks that the caller may use all objects in the request.
   *
   * @param then the continuation that receives the decision, or the reason why the call is refused.
   *     The continuation might be called before this method returns
   */
  void check(Continuation<UseDecision> then) {
    RequestBody body = parts.body();
    new ObjectCheck(this, ledger, body.references(), body.keepableItems(), then).begin();
  }

  /**
   * Called after the check has permitted the call. Keeps the ledger's row for the object in the
   * path; the decision contains this row.
   *
   * @param items the ids of items in the body that the caller may use
   */
  void allowed(UseDecision decision, Set<String> items) {
    keptItems = items;
    knowContainers(decision);
    named =
        operation()
            .filter(ObjectOperation::namesObject)
            .flatMap(
                called ->
                    called.idsIn(path).map(ids -> new ObjectName(called.kind(), ids.getFirst())))
            .flatMap(
                name ->
                    decision.known().stream().filter(row -> row.name().equals(name)).findFirst())
            .orElse(null);
  }

  private void knowContainers(UseDecision decision) {
    if (decision.known().isEmpty()) {
      return;
    }
    Map<String, String> memories = new HashMap<>();
    for (ProviderObject row : decision.known()) {
      if (row.name().kind() == ObjectKind.CONTAINERS) {
        row.purpose().ifPresent(memory -> memories.put(row.name().id(), memory));
      }
    }
    parts.body().knowContainers(memories);
  }

  /**
   * Looks up the memory sizes of containers in which the provider has run tools. A tool might run
   * in a container of an earlier response, although the request does not name this container.
   */
  CompletionStage<Void> lookUpContainers(List<ObjectName> names) {
    List<ObjectUse> uses =
        names.stream()
            .filter(name -> !parts.body().containers().containsKey(name.id()))
            .map(name -> new ObjectUse(name, ObjectAction.REFER, isolation.own(name.kind())))
            .toList();
    return uses.isEmpty()
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.supplyAsync(
                () -> ledger.decide(service(), caller, uses),
                task -> Thread.startVirtualThread(task))
            .thenAccept(decision -> onLoop(() -> knowContainers(decision)))
            .exceptionally(
                failed -> {
                  LOG.warn(
                      "{}: the memory of a container could not be looked up", requestId(), failed);
                  return null;
                });
  }

  /** The ids of items in the body that the caller may use; empty before the check. */
  Set<String> keptItems() {
    return keptItems;
  }

  /** The ledger's row for the object in the path; empty if the object has no holder. */
  Optional<ProviderObject> named() {
    return Optional.ofNullable(named);
  }

  /**
   * Remembers the input of the new batch. The use of the batch is reserved before the request is
   * sent.
   */
  void makes(RequestedBatch checked) {
    batch = checked;
  }

  Optional<RequestedBatch> requestedBatch() {
    return Optional.ofNullable(batch);
  }

  /**
   * Records the provider's id of the new batch. Without this record, the gateway can't learn the
   * use of the batch, and finally charges the whole reservation.
   */
  CompletionStage<Void> batchMade(String id) {
    return parts
        .permission()
        .call()
        .spending()
        .batch()
        .map(
            reserved ->
                CompletableFuture.runAsync(
                    () -> {
                      if (!reserved.made(id)) {
                        LOG.warn("{}: the id of a batch could not be noted", requestId());
                      }
                    },
                    task -> Thread.startVirtualThread(task)))
        .orElseGet(() -> CompletableFuture.completedFuture(null))
        .exceptionally(
            failed -> {
              LOG.warn("{}: the id of a batch could not be noted", requestId(), failed);
              return null;
            });
  }

  /**
   * @see CallParts#askInTime
   */
  <T> void ask(Supplier<Optional<T>> atOnce, Supplier<T> blocking, Continuation<T> then) {
    parts.askInTime(atOnce, blocking, then);
  }

  /**
   * Whether the gateway holds an answer back until the ledger has stored which objects the call has
   * made or ended. Called after {@link #answered}.
   *
   * @param status the status of the answer
   */
  boolean keepsBack(int status) {
    return ending != null
        || (operation != null && operation.statesObjects() && status >= 200 && status < 300);
  }

  /**
   * Called as soon as the status of an answer is known, even if the answer is not forwarded. After
   * a redirect or a refusal, no batch exists, so what was reserved for the batch is released.
   */
  void statusArrived(int status) {
    if (status >= 300 && status < 500) {
      parts.permission().call().spending().batch().ifPresent(ReservedBatch::refused);
    }
  }

  /**
   * Called after the provider has answered the call. An object or part that the provider has
   * deleted no longer has a holder. If the provider knows no such object, Claviger sends another
   * request to delete the object, because the object might exist only in a version of the API that
   * the caller did not choose.
   */
  void answered(int status) {
    boolean done = status >= 200 && status < 300;
    if (done && operation != null && operation.uploads()) {
      parts.record().markFile();
    }
    boolean gone = status == 404 || status == 410;
    if (operation == null || !(done || gone)) {
      return;
    }
    ObjectState how = done ? ObjectState.DELETED : ObjectState.DELETING;
    if (operation.deletesPart()) {
      endPart(operation, how);
    } else if (operation.effect() == Effect.DELETE) {
      named(operation).ifPresent(object -> end(object, how));
    }
  }

  /**
   * The answer to a call that deletes an object whose parts the provider would keep. Claviger
   * deletes such an object itself, after its parts. The result is empty for any other call, and if
   * the ledger has no row for the object.
   */
  Optional<String> answerOfDeletion() {
    return named == null || operation == null
        ? Optional.empty()
        : api().storage().answerOfDeletion(operation, named.name().id());
  }

  /** Marks the object in the path as ended, so that Claviger later deletes it at the provider. */
  void deleteLater(Continuation<Boolean> then) {
    ObjectName name = Objects.requireNonNull(named).name();
    CompletionStage<Void> unused =
        inTime(
                ledger.ended(
                    new Ended(service(), name, ObjectState.DELETING, Optional.of(origin()))))
            .whenComplete(
                (done, failed) ->
                    onLoop(
                        () -> {
                          if (failed == null) {
                            then.done(true);
                          } else {
                            then.refused(CallError.SERVICE_UNAVAILABLE);
                          }
                        }));
  }

  /** Counts the objects that the call has created. */
  void addMade(int objects) {
    parts.record().addMade(objects);
  }

  /** Records that the object in the path no longer exists. */
  void end(ObjectOperation ended) {
    named(ended).ifPresent(this::end);
  }

  private Optional<ObjectName> named(ObjectOperation called) {
    return called.idsIn(path).map(ids -> new ObjectName(called.kind(), ids.getFirst()));
  }

  /** Records that an object no longer exists. */
  void end(ObjectName gone) {
    end(gone, ObjectState.DELETED);
  }

  private void end(ObjectName ended, ObjectState how) {
    end(new Ended(service(), ended, how, Optional.of(origin())));
  }

  /** Records that an object no longer has the part that the path names. */
  private void endPart(ObjectOperation called, ObjectState how) {
    List<String> ids = called.idsIn(path).orElse(List.of());
    if (ids.size() > 1) {
      api()
          .storage()
          .deletedPart(called)
          .map(kind -> new ObjectName(kind, ids.getLast()))
          .ifPresent(
              part ->
                  end(
                      new Ended(
                          service(),
                          part,
                          how,
                          Optional.of(ids.getFirst()),
                          Optional.of(origin()))));
    }
  }

  private void end(Ended ended) {
    ending =
        ledger
            .ended(ended)
            .whenComplete(
                (done, failed) -> {
                  if (failed != null) {
                    LOG.warn("{}: the end of an object could not be stored", requestId(), failed);
                  }
                });
  }

  /**
   * Waits until the ledger has stored which objects the call has ended.
   *
   * @param then an action that receives, on the event loop, the error if the ledger could not store
   *     this in time. If the caller then repeats the deletion, most providers answer that they do
   *     not find the object, which ends the object in the ledger. Google answers 403 instead, so
   *     that an object of Gemini stays in the ledger until it expires
   */
  void whenEnded(Consumer<Optional<CallError>> then) {
    CompletionStage<Void> write = ending;
    if (write == null) {
      then.accept(Optional.empty());
      return;
    }
    CompletionStage<Void> unused =
        inTime(write)
            .whenComplete(
                (done, failed) ->
                    onLoop(
                        () ->
                            then.accept(
                                failed == null
                                    ? Optional.empty()
                                    : Optional.of(CallError.SERVICE_UNAVAILABLE))));
  }

  /**
   * Limits the wait for a write. The write itself goes on after this time. The ends of objects at
   * all services are written one after the other, and a service might be locked.
   */
  private static CompletionStage<Void> inTime(CompletionStage<Void> write) {
    return write.toCompletableFuture().copy().orTimeout(MOST_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * What the ledger records about this call: the caller, the token, the address, and the request's
   * id.
   */
  Origin origin() {
    return new Origin(
        caller.user(), caller.token(), parts.requested().address(), parts.requested().requestId());
  }

  boolean isCreate() {
    return operation != null && operation.creates();
  }

  /** Whether the call makes an object whose id is not yet known. */
  boolean isUnrecorded() {
    return operation != null && operation.makes() && (recorder == null || recorder.isUnrecorded());
  }

  /** Whether the provider's answer might say that an object or a part of one has ended. */
  boolean mayEnd() {
    return ending == null && operation != null && operation.ends();
  }

  /** Returns the recorder for the objects in the provider's answer. */
  ObjectRecorder recorder() {
    ObjectRecorder known = recorder;
    if (known == null) {
      known = new ObjectRecorder(this, operation().orElseThrow(), ledger);
      recorder = known;
    }
    return known;
  }

  /**
   * Returns how to remove an object that this call created; empty if the API has no operation for
   * that.
   *
   * @param whole the id of the object that contains the new object
   */
  Optional<ObjectRemoval> removal(ObjectName made, Optional<String> whole) {
    ProviderApi api = authorized.standard().format().api();
    return api
        .storage()
        .removals(made, whole, api.versionBelow(authorized.endpoint().path()))
        .stream()
        .findFirst();
  }

  /** Sends another request to this call's provider. Only the status of the answer matters. */
  OwnRequest request(HttpMethod method, String below, OwnRequest.Receiver receiver) {
    return new OwnRequest(
        parts.permission().call(),
        parts,
        method,
        below,
        parts.permission().authorizer().parsed().credential().asBearer(),
        more -> more < LITTLE,
        receiver);
  }

  /** Runs a task on the event loop of the call. If the task fails, the call ends. */
  void onLoop(Runnable task) {
    try {
      parts.caller().channel().eventLoop().execute(GuardedTask.of(task, onFailure));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("{}: the event loop ended", requestId());
    }
  }

  /** Called at the end of the call. This method can be called repeatedly. */
  void close() {
    if (recorder != null) {
      recorder.close();
    }
  }
}
