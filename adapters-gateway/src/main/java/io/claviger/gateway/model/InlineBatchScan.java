package io.claviger.gateway.model;

import static io.claviger.gateway.model.BatchedCall.demand;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.BatchMembers;
import io.claviger.domain.formats.BatchMembers.Meaning;
import io.claviger.domain.formats.BatchMembers.Member;
import io.claviger.domain.formats.InlineBatch;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.model.CallerFieldScan.IdentifierPlace;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body with the requests of a new batch while the body arrives. Each of the requests is
 * read like the body of a call. If a request has a fault, the batch is refused; the error names the
 * first fault.
 *
 * <p>The scan takes linear time. For each request, the scan keeps the request's name and the place
 * of the caller's identifier. The scan also keeps the state of the current request, and at most as
 * many references as a single request may have.
 */
public final class InlineBatchScan extends JsonPart {
  /** The maximum number of different users that the requests of a batch may name. */
  private static final int MOST_USERS = 10_000;

  /**
   * The number of bytes of memory that count for a shorter request. A node also keeps the name of
   * the request, the place of the caller's identifier, and a copy of the request with the
   * identifier. For short requests, all this together takes more memory than the request itself.
   */
  static final int LEAST_BYTES = 320;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final AuthorizedCall authorized;
  private final Isolation isolation;
  private final ProviderApi api;
  private final InlineBatch shape;
  private final Optional<String> model;
  private final String path;

  /** The memory that is reserved for the body. */
  private BufferBudget.@Nullable BufferReservation reservation;

  /** The maximum number of bytes that may count for the whole body. */
  private long largest;

  /** The number of bytes that count for short requests in addition to the bytes of the body. */
  private long bytesBesides;

  private final BatchSums sums = new BatchSums();
  private Set<String> ids = new HashSet<>();
  private List<IdentifierPlace> identifiers = new ArrayList<>();
  private List<BodyEdits.Edit> unstored = new ArrayList<>();

  /**
   * The start of the member with the batch's priority, and the end of its value; -1 if there is
   * none.
   */
  private long priorityFrom = -1;

  private long priorityTo = -1;

  /** The different users in the requests, each with the only text that is kept for the user. */
  private Map<String, String> users = new HashMap<>();

  private final List<Reference> references = new ArrayList<>();

  /**
   * The references of those requests whose answers have to contain the content of the referenced
   * objects.
   */
  private final Set<ObjectReference> shown = new HashSet<>();

  private final Map<Integer, String> named = new HashMap<>();
  private int requests;

  private final List<Open> open = new ArrayList<>();
  private @Nullable Member member;

  /**
   * The number of arrays and objects around the current value that belong to the caller's own data,
   * which is not checked.
   */
  private int inData;

  /** Whether the scan is inside a request of the batch. */
  private boolean inRequest;

  /** The name of the current request; empty before the name has been read. */
  private String id = "";

  private @Nullable BatchedCall call;

  /**
   * The receiver of the scanner's events inside the body of a request; null outside of such a body.
   */
  private @Nullable JsonEvents inCall;

  private int callDepth;
  private long callFrom;
  private long requestFrom;
  private long callBytes;

  /**
   * An object or array around the current position of the scan.
   *
   * @param isArray whether this is the array of requests
   * @param had the members of the object that have been read so far
   */
  private record Open(BatchMembers members, boolean isArray, Set<Member> had) {}

  /**
   * A request's reference to an object at the provider.
   *
   * @param isShown whether the request asks for the object's content in its answer
   */
  private record Reference(ObjectReference object, int request, String id, boolean isShown) {}

  private InlineBatchScan(
      AuthorizedCall authorized, Isolation isolation, InlineBatch shape, String batchPath) {
    this.authorized = authorized;
    this.isolation = isolation;
    this.api = authorized.standard().format().api();
    this.shape = shape;
    this.model = api.modelInPath(batchPath);
    this.path = shape.path(model.orElse(""));
  }

  /**
   * Returns the scan of a body that creates a batch.
   *
   * @param batchPath the path after the name of the service or project
   * @return null if the call creates no such batch, or uses the caller's own account at the
   *     provider
   * @throws CallRefused if the body is unreadable
   */
  static @Nullable InlineBatchScan of(
      AuthorizedCall authorized, HttpRequest request, String batchPath) {
    Optional<InlineBatch> shape =
        authorized
            .standard()
            .objectOperation(request.method().name(), batchPath)
            .flatMap(ObjectOperation::batch);
    if (shape.isEmpty() || authorized.isolation().isEmpty()) {
      return null;
    }
    BodyType type = BodyType.of(request.headers());
    if (type.isEncoded()) {
      throw new CallRefused(ReferenceErrors.ENCODED);
    }
    if (!type.mayBeJson()) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
    return new InlineBatchScan(authorized, authorized.isolation().get(), shape.get(), batchPath);
  }

  /**
   * Says where the memory for short requests counts. Must be called before the body is read.
   *
   * @param of the memory that is reserved for the body
   * @param most the maximum number of bytes that may count for the whole body
   */
  void countIn(BufferBudget.BufferReservation of, long most) {
    reservation = of;
    largest = most;
  }

  /**
   * Returns the objects at the provider that the requests of the batch refer to. Must be called
   * only after the body has been read.
   */
  List<ObjectReference> references() {
    return references.stream().map(Reference::object).toList();
  }

  /**
   * Whether a request of the batch has this reference, and asks for the content of the referenced
   * objects in its answer. Must be called only after the body has been read.
   */
  boolean showsContent(ObjectReference reference) {
    return shown.contains(reference);
  }

  /**
   * Returns the error for a reference; its message also names the first request with this
   * reference. Requests that ask for content come first, because they need more access.
   *
   * @param why the error, without the request's name
   */
  public CallError locate(CallError why, ObjectReference reference) {
    return references.stream()
        .filter(each -> each.object().equals(reference))
        .filter(each -> each.isShown() || !showsContent(reference))
        .findFirst()
        .map(each -> located(why, each.request(), each.id()))
        .orElse(why);
  }

  /** The requested use of the whole batch. Must be called only after the body has been read. */
  public BatchVerdict verdict() {
    return new BatchVerdict(
        requests, shape.operation(), sums.uses(), OptionalInt.empty(), Optional.empty());
  }

  /**
   * Returns the edits that write three things into the body: the names by which the provider knows
   * the caller, the instruction to store nothing, and the usual priority.
   */
  BodyEdits edits(CallerNames names) {
    List<BodyEdits.Edit> edits =
        new ArrayList<>(names.rules().adds(CallerField.CONTENT_STORE) ? unstored : List.of());
    if (priorityTo >= 0) {
      edits.add(new BodyEdits.Edit(priorityFrom, priorityTo - priorityFrom, "\"priority\":0"));
    }
    Map<String, String> written = new HashMap<>();
    Map<String, String> inserted = new HashMap<>();
    for (IdentifierPlace place : identifiers) {
      String said = place.said();
      if (said == null
          ? names.rules().adds(CallerField.METADATA_USER_ID)
          : names.rules().replaces(CallerField.METADATA_USER_ID)) {
        String name =
            written.computeIfAbsent(
                said == null ? "" : "=" + said,
                user -> names.of(CallerField.METADATA_USER_ID, Optional.ofNullable(said)));
        BodyEdits.Edit edit = place.edit(name);
        // Most requests get the same text, which is kept only once.
        String text = inserted.computeIfAbsent(edit.inserted(), same -> same);
        edits.add(new BodyEdits.Edit(edit.position(), edit.removed(), text));
      }
    }
    return edits.isEmpty() ? BodyEdits.NONE : BodyEdits.of(edits);
  }

  /** References in the requests of a batch may be as long as references in the body of a call. */
  @Override
  int longest() {
    return ScannedText.LONGEST_ADDRESS;
  }

  @Override
  void malformed() {
    throw new CallRefused(ReferenceErrors.NOT_READABLE);
  }

  @Override
  void complete() {
    reading(
        () -> {
          demand(requests > 0, Reason.NO_REQUESTS);
          ids = Set.of();
        });
    Optional<BatchRefusal> why =
        verdict()
            .refusal(
                shape.operation(),
                new BatchVerdict.Terms(isolation.batched(), authorized.models(), false));
    if (why.isPresent()) {
      throw refused(why.get().reason(), why.get().line(), named.getOrDefault(why.get().line(), ""));
    }
  }

  /**
   * Runs one step of the scan. If the step fails, the error names the number of the faulty request.
   */
  private void reading(Runnable step) {
    try {
      step.run();
    } catch (BatchedCall.Faulty fault) {
      throw refused(fault.reason(), inRequest ? requests : 0, id);
    }
  }

  private CallRefused refused(Reason reason, int request, String name) {
    return new CallRefused(located(ReferenceErrors.ofBatch(reason), request, name));
  }

  /**
   * @param request the number of the request, from 1; 0 if the fault is outside of all requests
   */
  private static CallError located(CallError why, int request, String name) {
    return request == 0
        ? why
        : why.saying(
            "requests[%s]%s: %s"
                .formatted(
                    request - 1,
                    name.isEmpty() ? "" : " (custom_id %s)".formatted(name),
                    why.message()));
  }

  @Override
  public void opened(boolean array) {
    if (inData > 0) {
      inData++;
    } else if (inCall != null) {
      callDepth++;
      inCall.opened(array);
    } else {
      reading(() -> begin(array));
    }
  }

  private void begin(boolean array) {
    if (open.isEmpty()) {
      demand(!array, Reason.BODY);
      push(shape.body(), false);
      return;
    }
    if (open.getLast().isArray()) {
      demand(!array, Reason.BODY);
      beginRequest();
      push(open.getLast().members(), false);
      return;
    }
    Member value = Objects.requireNonNull(member);
    switch (value.meaning()) {
      case OBJECT -> {
        demand(!array, reason());
        push(value.inside(), false);
      }
      case REQUESTS -> {
        demand(array, reason());
        push(value.inside(), true);
      }
      case CALL -> {
        demand(!array, reason());
        beginCall();
      }
      case DATA -> inData = 1;
      default -> demand(false, reason());
    }
  }

  private void push(BatchMembers members, boolean array) {
    open.add(new Open(members, array, new HashSet<>(4)));
  }

  /** The reason to refuse a value at the current place. */
  private Reason reason() {
    return inRequest ? Reason.REQUEST : Reason.BODY;
  }

  private void beginRequest() {
    demand(requests < shape.most(), Reason.TOO_MANY_INLINE);
    requests++;
    inRequest = true;
    id = "";
    call = null;
    requestFrom = position();
  }

  private void beginCall() {
    BatchedCall begun = BatchedCall.of(api, path, model, authorized.caps());
    call = begun;
    callFrom = position();
    callDepth = 1;
    inCall = begun.begin(scanner());
    inCall.opened(false);
  }

  @Override
  public void closed() {
    if (inData > 0) {
      inData--;
    } else if (inCall != null) {
      inCall.closed();
      if (--callDepth == 0) {
        inCall = null;
        callBytes = position() + 1 - callFrom;
      }
    } else {
      Open ended = open.removeLast();
      if (inRequest && !ended.isArray()) {
        reading(() -> endRequest(ended));
        inRequest = false;
      }
    }
  }

  private void endRequest(Open ended) {
    for (Meaning each : List.of(Meaning.CALL, Meaning.ID)) {
      demand(
          !ended.members().demands(each)
              || ended.had().stream().anyMatch(had -> had.meaning() == each),
          Reason.REQUEST);
    }
    long bytes = position() + 1 - requestFrom;
    demand(bytes <= BatchVerdict.LONGEST_LINE, Reason.LARGE);
    count(bytes);
    BatchedCall ending = Objects.requireNonNull(call);
    RequestedObjects objects = ending.objects();
    demand(objects.made().isEmpty(), Reason.CONTAINER);
    demand(ending.leavesNothingOut(), Reason.UNCLEAR);
    try {
      ReferenceErrors.demandLent(objects, isolation, authorized.service());
    } catch (CallRefused e) {
      throw new CallRefused(located(e.error(), requests, id));
    }
    for (ObjectReference each : objects.references()) {
      if (references.size() == RequestedObjects.MOST) {
        throw new CallRefused(located(ReferenceErrors.TOO_MANY, requests, id));
      }
      references.add(new Reference(each, requests, id, objects.showsContent()));
      if (objects.showsContent()) {
        shown.add(each);
      }
    }
    demand(model.isEmpty() || ending.namesModelOfPath(), Reason.OTHER_MODEL);
    RequestedUse use = ending.end(callBytes);
    int before = sums.size();
    sums.add(use, requests);
    if (sums.size() > before) {
      named.put(requests, id);
    }
    CallerFieldScan caller = ending.caller();
    if (caller == null) {
      return;
    }
    IdentifierPlace place = caller.userId();
    if (place != null) {
      keep(place);
    }
    if (!isolation.lends(ObjectKind.RESPONSES)) {
      demand(!caller.isStored(false), Reason.STORED);
      BodyEdits.Edit edit = caller.unstored();
      if (edit != null) {
        unstored.add(edit);
      }
    }
  }

  /**
   * Reserves the memory that a short request takes in addition to its bytes.
   *
   * @throws CallRefused if there is no such memory now, or if there can never be enough memory
   */
  private void count(long bytes) {
    int more = (int) Math.max(0, LEAST_BYTES - bytes);
    bytesBesides += more;
    BufferBudget.BufferReservation memory = Objects.requireNonNull(reservation);
    if (position() + bytesBesides > largest || !memory.couldTake(more)) {
      throw new CallRefused(tooLarge(largest));
    }
    if (!memory.take(more)) {
      throw new CallRefused(CallError.BUSY);
    }
  }

  /**
   * Returns the error for a batch that is too large.
   *
   * @param most the maximum number of bytes that may count for the whole body
   */
  static CallError tooLarge(long most) {
    return ReferenceErrors.batchTooLarge(most, LEAST_BYTES);
  }

  private void keep(IdentifierPlace place) {
    String said = place.said();
    if (said == null) {
      identifiers.add(place);
      return;
    }
    String known = users.putIfAbsent(said, said);
    demand(users.size() <= MOST_USERS, Reason.TOO_MANY_USERS);
    identifiers.add(known == null ? place : place.saying(known));
  }

  /**
   * Frees everything that is kept for each request. Called when the body is not sent, or not sent
   * again.
   */
  void forgetRequests() {
    ids = Set.of();
    identifiers = List.of();
    unstored = List.of();
    users = Map.of();
  }

  @Override
  public void name(ScannedText name) {
    if (inData > 0) {
      return;
    }
    if (inCall != null) {
      inCall.name(name);
      return;
    }
    Open object = open.getLast();
    Member found = name.isLonger() ? null : object.members().find(name.toString()).orElse(null);
    reading(() -> demand(found != null && object.had().add(found), reason()));
    member = found;
    if (meaning() == Meaning.PRIORITY) {
      priorityFrom = begun();
    }
  }

  @Override
  public boolean wantsText() {
    if (inData > 0) {
      return false;
    }
    if (inCall != null) {
      return inCall.wantsText();
    }
    Meaning here = meaning();
    return here == Meaning.ID || here == Meaning.MODEL;
  }

  /** The meaning of the current value; null if no value may be here. */
  private @Nullable Meaning meaning() {
    Member value = member;
    return open.isEmpty() || open.getLast().isArray() || value == null ? null : value.meaning();
  }

  @Override
  public void text(ScannedText text) {
    if (inCall != null) {
      inCall.text(text);
    } else if (meaning() == Meaning.ID) {
      reading(
          () -> {
            demand(!text.isLonger() && ID.matcher(text).matches(), Reason.ID);
            id = text.toString();
            demand(ids.add(id), Reason.SAME_ID);
          });
    } else {
      String called = "models/" + model.orElse("");
      reading(() -> demand(called.contentEquals(text), Reason.OTHER_MODEL));
    }
  }

  @Override
  public void number(ScannedNumber number) {
    if (inCall != null && inData == 0) {
      inCall.number(number);
    } else {
      other(position());
    }
  }

  @Override
  public void literal(String literal) {
    if (inCall != null && inData == 0) {
      inCall.literal(literal);
    } else {
      other();
    }
  }

  /** Handles a text or literal that is irrelevant to this scan. */
  @Override
  public void other() {
    other(position() + 1);
  }

  /**
   * Handles a text, number or literal that is irrelevant to this scan.
   *
   * @param end the position after the value
   */
  private void other(long end) {
    if (inData > 0) {
      return;
    }
    if (inCall != null) {
      inCall.other();
      return;
    }
    Meaning here = meaning();
    if (here == Meaning.PRIORITY) {
      priorityTo = end;
    } else {
      reading(() -> demand(here == Meaning.SETTING || here == Meaning.DATA, reason()));
    }
  }
}
