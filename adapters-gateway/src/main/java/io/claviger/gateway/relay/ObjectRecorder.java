package io.claviger.gateway.relay;

import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Stated;
import io.claviger.application.shared.LogRate;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.formats.ObjectRemoval;
import io.claviger.domain.objects.Isolation.OwnObjects;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.AnsweredObjects;
import io.claviger.gateway.model.AnsweredObjects.FoundObject;
import io.claviger.gateway.usage.EventStreamBoundary;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the objects in a call's answers, and deletes objects that can't be recorded. Only used on
 * the event loop of the call.
 */
final class ObjectRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectRecorder.class);
  private static final LogRate MANY_LEFT = new LogRate();

  private final CallObjects objects;
  private final ObjectOperation operation;
  private final HeldObjects ledger;
  private final AnsweredObjects.Places places;
  private final Set<ObjectName> recorded = new HashSet<>();
  private Optional<String> self = Optional.empty();
  private @Nullable OwnRequest deletion;

  /**
   * The object that the gateway is deleting because it can't be recorded; null if there is none.
   */
  private @Nullable NewObject deleting;

  /**
   * @param operation the call's operation
   */
  ObjectRecorder(CallObjects objects, ObjectOperation operation, HeldObjects ledger) {
    this.objects = objects;
    this.operation = operation;
    this.ledger = ledger;
    this.places = new AnsweredObjects.Places(operation);
  }

  /** Whether the answer is a stream of server-sent events with ids of objects. */
  boolean isStream(HttpHeaders headers) {
    return operation.statesObjects() && EventStreamBoundary.isEventStream(headers);
  }

  /** Whether an answer without an object is valid: an unfinished upload has no object yet. */
  boolean mayStateNothing() {
    return operation.effect() == Effect.UPLOAD;
  }

  /** Returns a reader for a whole answer or for one event of a stream. */
  AnsweredObjects answered() {
    return new AnsweredObjects(places);
  }

  /** Whether an event is usable and all its objects have been recorded. */
  boolean isKnown(AnsweredObjects event) {
    return event.isUsable()
        && event.self().equals(self.filter(id -> event.self().isPresent()))
        && event.further().stream().allMatch(each -> recorded.contains(each.name()));
  }

  /** Returns the error if a stream should have named an object but has not; otherwise empty. */
  Optional<CallError> missing() {
    return self.isPresent() || !statesSelf()
        ? Optional.empty()
        : Optional.of(
            operation.creates()
                ? CallError.OBJECT_NOT_RECORDED
                : CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  /** Whether no answer so far has named the call's new object. */
  boolean isUnrecorded() {
    return operation.creates() ? self.isEmpty() : recorded.isEmpty();
  }

  /** Returns the error for a call whose answer finds no memory. */
  CallError withoutMemory() {
    return operation.operation().method().equals("GET") ? CallError.BUSY : CallError.ANSWER_LOST;
  }

  private boolean statesSelf() {
    return operation.statesSelf() && !mayStateNothing();
  }

  /**
   * Records the objects in an answer or in an event of a stream. If the call has ended an object,
   * waits until the ledger has stored this.
   *
   * @param then an action that receives, on the event loop, the reason why the answer must not be
   *     forwarded; the reason is empty if the answer may be forwarded
   */
  void record(AnsweredObjects found, Consumer<Optional<CallError>> then) {
    if (!operation.statesObjects()) {
      objects.whenEnded(then); // the call has recorded the end of an object already
      return;
    }
    Optional<CallError> why = unusable(found);
    if (why.isPresent()) {
      // A provider might lie: the object that it names might belong to another caller. So the
      // gateway does not delete this object.
      then.accept(why);
      return;
    }
    List<NewObject> made = made(found);
    keepStated(found);
    List<CompletableFuture<Recorded>> outcomes = made.stream().map(this::outcome).toList();
    CompletableFuture<Void> unused =
        batchMade()
            .toCompletableFuture()
            .thenCompose(
                done -> CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new)))
            .thenCompose(done -> keepVerdict(outcomes))
            .thenCompose(done -> objects.lookUpContainers(containers(made)))
            .whenComplete((done, failed) -> objects.onLoop(() -> recorded(made, outcomes, then)));
  }

  /** The containers in which tools have run for this call. */
  private List<ObjectName> containers(List<NewObject> made) {
    return operation.kind() == ObjectKind.CONTAINERS
        ? List.of()
        : made.stream()
            .map(NewObject::name)
            .filter(name -> name.kind() == ObjectKind.CONTAINERS)
            .toList();
  }

  private CompletableFuture<Recorded> outcome(NewObject object) {
    return ledger
        .record(object)
        .exceptionally(
            failed -> {
              LOG.warn("{}: an object could not be recorded", objects.requestId(), failed);
              return Recorded.GONE;
            })
        .thenApply(
            // The id of an additional object that has ended may be forwarded, because nobody can
            // use it.
            outcome -> outcome == Recorded.ENDING && !isSelf(object) ? Recorded.RECORDED : outcome)
        .toCompletableFuture();
  }

  /**
   * If the call has read or changed an object, records the object's new expiry, and its size if the
   * ledger does not contain the size.
   */
  private void keepStated(AnsweredObjects found) {
    Optional<ProviderObject> named = objects.named();
    if (operation.effect() != Effect.READ || named.isEmpty()) {
      return;
    }
    ProviderObject row = named.get();
    Optional<Instant> expires =
        found.expires().filter(at -> !row.expiresAt().equals(Optional.of(at)));
    long bytes = row.bytes() == 0 ? found.bytes() : 0;
    if (expires.isPresent() || bytes > 0) {
      CompletionStage<Void> unused =
          ledger.stated(new Stated(objects.service(), row.name(), expires, bytes));
    }
  }

  /**
   * Records the batch that the provider has created. Even if the batch can't be recorded as an
   * object, it is charged.
   */
  private CompletionStage<Void> batchMade() {
    return self.filter(id -> operation.makesBatch())
        .map(objects::batchMade)
        .orElseGet(() -> CompletableFuture.completedStage(null));
  }

  /**
   * Stores the verdict on the file. Without a stored verdict, the file can't become the input of a
   * batch.
   */
  private CompletionStage<Void> keepVerdict(List<CompletableFuture<Recorded>> outcomes) {
    boolean recorded = outcomes.stream().allMatch(each -> each.join() == Recorded.RECORDED);
    Optional<String> file = self.filter(id -> recorded && operation.creates());
    Optional<BatchVerdict> verdict = objects.body().verdict();
    if (file.isEmpty() || verdict.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    return ledger
        .keepVerdict(new ReadFile(objects.service(), file.get(), verdict.get()))
        .exceptionally(
            failed -> {
              LOG.warn(
                  "{}: the verdict on a file could not be stored, so the file can't become the"
                      + " input of a batch",
                  objects.requestId(),
                  failed);
              return null;
            });
  }

  private Optional<CallError> unusable(AnsweredObjects found) {
    boolean named =
        switch (operation.effect()) {
          case CREATE, UPLOAD ->
              self.isEmpty() || found.self().isEmpty() || found.self().equals(self);
          case READ, FINISH -> found.self().isEmpty() || found.self().equals(named());
          default -> true;
        };
    boolean states = !statesSelf() || self.isPresent() || found.self().isPresent();
    return found.isUsable() && named && states && !areTooMany(found)
        ? Optional.empty()
        : Optional.of(
            operation.creates()
                ? CallError.OBJECT_NOT_RECORDED
                : CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  /** Whether the events of a stream contain more objects than one answer may contain. */
  private boolean areTooMany(AnsweredObjects found) {
    return recorded.size()
            + found.further().stream().filter(each -> !recorded.contains(each.name())).count()
        > AnsweredObjects.MOST;
  }

  private Optional<String> named() {
    return operation.idsIn(objects.path()).map(List::getFirst);
  }

  private List<NewObject> made(AnsweredObjects found) {
    List<NewObject> made = new ArrayList<>(1 + found.further().size());
    if (self.isEmpty()) {
      self = found.self();
      if (operation.creates()) {
        self.map(
                id ->
                    new NewObject(
                            objects.service(),
                            new ObjectName(operation.kind(), id),
                            objects.caller(),
                            objects.isolation().quota(),
                            found.expires(),
                            found.bytes(),
                            Optional.of(ObjectLedger.UNLISTED).filter(none -> !operation.listed()),
                            found.purpose())
                        .by(objects.origin()))
            .ifPresent(made::add);
      }
    }
    Optional<String> parent = operation.namesObject() ? named() : self;
    for (FoundObject each : found.further()) {
      if (objects.isolation().own(each.name().kind()) != OwnObjects.NONE
          && recorded.add(each.name())) {
        NewObject object =
            new NewObject(
                    objects.service(),
                    each.name(),
                    objects.caller(),
                    objects.isolation().quota(),
                    expiry(found, each),
                    isNew(each) || operation.addsFile() ? found.bytes() : 0,
                    each.isPart() ? parent : Optional.empty(),
                    isNew(each) ? found.purpose() : purpose(each))
                .by(objects.origin());
        further(each, object).ifPresent(made::add);
      }
    }
    return made;
  }

  /**
   * The purpose to record for an additional object. For a container that a tool made, this is the
   * container's memory size.
   */
  private Optional<String> purpose(FoundObject each) {
    return each.name().kind() == ObjectKind.CONTAINERS && !each.isPart()
        ? objects.memoryOfContainers()
        : each.purpose();
  }

  /**
   * Returns an object that the answer names in addition to the main object, with the holder to
   * record. If the call reads the main object, the further object gets the same holder; if the main
   * object has no holder, the result is empty. If the call completes an upload, the additional
   * object is the file that replaces the upload.
   */
  private Optional<NewObject> further(FoundObject found, NewObject object) {
    return switch (operation.effect()) {
      case READ, USE -> objects.named().map(row -> object.comingWith(row.name()));
      case FINISH ->
          Optional.of(isNew(found) ? named().map(object::replacing).orElse(object) : object);
      default -> Optional.of(object);
    };
  }

  /**
   * Returns when an object expires; empty if the object does not expire or the answer does not say
   * when. A part of another object expires with that object.
   */
  private Optional<Instant> expiry(AnsweredObjects found, FoundObject each) {
    return each.isPart()
        ? objects.named().flatMap(ProviderObject::expiresAt)
        : isNew(each) ? found.expires() : Optional.empty();
  }

  /**
   * Whether the details in the answer are about the given object, and not about the upload from
   * which it was created.
   */
  private boolean isNew(FoundObject each) {
    return !each.isPart() && operation.effect() == Effect.FINISH;
  }

  private void recorded(
      List<NewObject> made,
      List<CompletableFuture<Recorded>> outcomes,
      Consumer<Optional<CallError>> then) {
    List<NewObject> unrecorded =
        IntStream.range(0, made.size())
            .filter(i -> outcomes.get(i).join().compareTo(Recorded.HELD) > 0)
            .mapToObj(made::get)
            .toList();
    boolean isOthers = outcomes.stream().anyMatch(each -> each.join() == Recorded.HELD);
    // A provider that states the id of somebody else's object might also state the id of an older
    // object of the caller. So what is recorded then stays.
    List<NewObject> mine = isOthers ? unrecorded : made;
    Optional<Recorded> worst = outcomes.stream().map(CompletableFuture::join).max(Enum::compareTo);
    switch (worst.orElse(Recorded.RECORDED)) {
      case RECORDED -> {
        if (operation.effect() == Effect.FINISH && made.isEmpty()) {
          objects.end(operation);
        }
        countMade(made);
        objects.whenEnded(then);
      }
      case ENDING, HELD -> then.accept(Optional.of(CallError.OBJECT_NOT_RECORDED));
      case FULL ->
          undo(
              mine,
              unrecorded,
              isOthers ? CallError.OBJECT_NOT_RECORDED : CallError.TOO_MANY_OBJECTS,
              then);
      case GONE -> undo(mine, unrecorded, CallError.OBJECT_NOT_RECORDED, then);
    }
  }

  /**
   * Deletes the call's new objects at the provider, so that no object remains there without a
   * holder.
   *
   * @param made the objects that the call itself has created
   */
  private void undo(
      List<NewObject> made,
      List<NewObject> unrecorded,
      CallError why,
      Consumer<Optional<CallError>> then) {
    if (mayHaveMadeObjects()) {
      unrecorded.stream()
          .filter(each -> !isSelf(each) && each.parent().isEmpty())
          .forEach(this::orphan);
    }
    made.stream().filter(this::isSelf).forEach(each -> objects.end(each.name()));
    Optional<NewObject> added =
        unrecorded.stream().filter(each -> operation.addsFile()).findFirst();
    delete(made.stream().filter(this::isSelf).findFirst().or(() -> added), why, then);
  }

  /** Whether this call might have created the objects in the answer. */
  private boolean mayHaveMadeObjects() {
    return operation.creates()
        || operation.effect() == Effect.LEAVE
        || operation.effect() == Effect.FINISH;
  }

  /**
   * Counts the objects that the call has created. Parts of other objects do not count. Uploads do
   * not count either, because they later become files.
   */
  private void countMade(List<NewObject> made) {
    if (mayHaveMadeObjects()) {
      objects.addMade((int) made.stream().filter(each -> each.parent().isEmpty()).count());
    }
  }

  private boolean isSelf(NewObject made) {
    return operation.creates() && self.equals(Optional.of(made.name().id()));
  }

  /** Deletes or stops the call's new object, because it can't be recorded. */
  private void delete(
      Optional<NewObject> object, CallError why, Consumer<Optional<CallError>> then) {
    Optional<ObjectRemoval> way =
        object.flatMap(
            each -> objects.removal(each.name(), isSelf(each) ? Optional.empty() : each.parent()));
    if (way.isEmpty()) {
      object.ifPresent(this::orphan);
      then.accept(Optional.of(why));
      return;
    }
    // Some providers refuse to delete a running batch, and with others the batch continues to run
    // after its deletion. So the batch is stopped now and deleted later.
    Optional<ObjectRemoval.Request> stop = way.get().cancel().filter(c -> operation.makesBatch());
    ObjectRemoval.Request removal = stop.or(way.get()::delete).or(way.get()::cancel).orElseThrow();
    boolean isOnlyPart = stop.isPresent() && way.get().delete().isPresent();
    OwnRequest request =
        objects.request(
            HttpMethod.valueOf(removal.method()),
            removal.path(),
            answer -> {
              deletion = null;
              deleting = null;
              if (isOnlyPart
                  || way.get().outcome(ObjectRemoval.Answer.of(answer.status()))
                      != ObjectRemoval.Outcome.GONE) {
                orphan(object.get());
              }
              then.accept(Optional.of(why));
            });
    deletion = request;
    deleting = object.get();
    request.start();
  }

  /** Leaves an object to a periodic task, which deletes the object at the provider. */
  private void orphan(NewObject object) {
    ledger
        .record(object.orphaned())
        .whenComplete(
            (outcome, failed) -> {
              // Whoever has used up the rows of this hour could fill the log with FULL.
              if (outcome == Recorded.FULL
                  ? MANY_LEFT.allows()
                  : failed != null || outcome != Recorded.RECORDED) {
                LOG.error(
                    "{}: {} {} of service {} was made at the provider, but is held by nobody and"
                        + " could not be deleted there. {}",
                    objects.requestId(),
                    object.name().kind().wireName(),
                    object.name().id(),
                    objects.serviceName(),
                    object.parent().isEmpty() && objects.api().storage().isListed(object.name())
                        ? "The owner of the service finds it with claviger objects reconcile"
                        : "claviger objects reconcile does not compare such objects",
                    failed);
              }
            });
  }

  /**
   * Gives up an answer. Called if the answer is incomplete or too large to be held back.
   *
   * @param found the objects in the part of the answer that was read
   * @param why the error if the call makes no object of its own
   */
  void giveUp(AnsweredObjects found, CallError why, Consumer<CallError> then) {
    if (!operation.makes()) {
      // Tools might have made a container.
      record(found, unused -> then.accept(why));
      return;
    }
    List<NewObject> made = madeBy(found);
    made.stream().filter(each -> !isSelf(each)).forEach(this::orphan);
    delete(
        made.stream().filter(this::isSelf).findFirst(),
        CallError.OBJECT_NOT_RECORDED,
        unrecorded -> then.accept(unrecorded.orElseThrow()));
  }

  /** Gives up an answer because the caller left before its end. */
  void abandon(AnsweredObjects found) {
    if (!operation.makes()) {
      record(found, unused -> {}); // tools might have made a container
      return;
    }
    madeBy(found).forEach(this::orphan);
  }

  private List<NewObject> madeBy(AnsweredObjects found) {
    if (!isUnrecorded() || !found.isUsable()) {
      return List.of();
    }
    List<NewObject> made = made(found);
    CompletionStage<Void> unused = batchMade();
    return operation.creates() ? made.stream().filter(this::isSelf).toList() : made;
  }

  /**
   * Called at the end of the call. A periodic task deletes the objects that have not been deleted
   * by then. This method can be called repeatedly.
   */
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
