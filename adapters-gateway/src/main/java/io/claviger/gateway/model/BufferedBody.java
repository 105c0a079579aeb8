package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A body that the gateway reads completely before it sends any part to the provider. Each of these
 * reasons is sufficient:
 *
 * <ul>
 *   <li>The caller may call only some models.
 *   <li>The model in the body may select the service.
 *   <li>Budgets may depend on what the body requests.
 *   <li>The body may refer to objects of other people who use the same key.
 *   <li>The gateway may have to request the usage in the stream on its own.
 * </ul>
 *
 * <p>If only the usage is needed and there is no memory for the body, the gateway forwards the body
 * unbuffered and unchanged. Confined to an event loop, except for {@link #readOn}.
 */
public final class BufferedBody implements BodyReaders.Reading {
  /** The size of the largest buffered body, in bytes. */
  static final int LARGEST = 16 << 20;

  /**
   * The number of bytes that are read from a body in one step; a step takes less than ten
   * milliseconds.
   */
  private static final int TURN = 256 << 10;

  /**
   * How many times longer the requests of a batch may take to read than an ordinary body of the
   * same size: a request can have a few bytes, but is read by scans of its own.
   */
  private static final int EFFORT_OF_BATCH = 16;

  /** A buffer for the current piece of a body; each thread has its own buffer. */
  private static final FastThreadLocal<byte[]> PIECE =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[8 << 10];
        }
      };

  private final Scans scans;

  /**
   * The models that the body may request; empty if all models are allowed, or while the service is
   * unknown.
   */
  private Optional<Set<ModelPattern>> allowed = Optional.empty();

  /** The edits of the fields that identify the caller; null if the body has no such fields. */
  private final @Nullable CallerEdits callers;

  /**
   * How the call is isolated from other people's calls; empty if isolation is not needed, or while
   * the service is unknown.
   */
  private Optional<Isolation> isolation = Optional.empty();

  private String service = "";
  private BodyEdits batchEdits = BodyEdits.NONE;

  private final CallReading reading;
  private final long largest;
  private final BodySegments segments;

  private long bytes;
  private BodyUse asksFor = BodyUse.UNREAD;
  private boolean givenUp;

  /**
   * Whether no part of the body may be sent before the body is buffered completely. The whole body
   * must be buffered first if the body selects the service.
   */
  private boolean mustBeHeld;

  private boolean asksForUsage = true;

  /**
   * Whether a budget counts the usage of the call. For such a call, the gateway requests the usage
   * in the stream even if the caller's request declines the usage.
   */
  private boolean insistsOnUsage;

  private BodyEdits usageEdits = BodyEdits.NONE;
  private BodyEdits insistingEdits = BodyEdits.NONE;
  private BodyEdits naming = BodyEdits.NONE;
  private boolean closed;
  private final UUID caller;

  /**
   * How many parts of the program use the body's memory: the call, and possibly a thread that reads
   * the body. The memory is freed when the number becomes 0.
   */
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile boolean abandoned;

  /** The index of the segment to read next. */
  private int part;

  private int offset;
  private Set<String> asked = Set.of();
  private Supplier<CallError> tooLarge = () -> CallError.BODY_TOO_LARGE;

  BufferedBody(
      Scans scans,
      BufferBudget.BufferReservation reservation,
      long largest,
      ByteBufAllocator buffers) {
    this.scans = scans;
    this.callers = CallerEdits.of(scans.callers());
    this.reading = scans.begin();
    this.largest = largest;
    this.segments = new BodySegments(reservation, buffers);
    this.caller = reservation.caller();
  }

  /**
   * The readers of one body.
   *
   * @param names the scan for the model in the body; null if the body does not select the service
   * @param models the scan for all models in the body; null if all models are allowed
   * @param usage the scan for the edits that request the usage; null if the body requests no stream
   *     that can state its usage
   * @param use the scan for the requested use; null if nothing depends on the use
   * @param references the references to objects in the body; empty if the body can't refer to
   *     objects of other people
   * @param referenceScan the scan for references; null if the body can have no references
   * @param endpoint the scan for the operation of a new batch; null if the body creates no batch
   * @param callers the scan for the fields that identify the caller; null if the body has no such
   *     fields
   * @param batch the scan of the requests of a batch; null if the body contains no such requests
   */
  record Scans(
      @Nullable NameScan names,
      @Nullable BodyScan models,
      @Nullable StreamScan usage,
      @Nullable UseScan use,
      Optional<FoundReferences> references,
      @Nullable BodyPart referenceScan,
      @Nullable EndpointScan endpoint,
      @Nullable CallerScan callers,
      @Nullable InlineBatchScan batch) {
    static final Scans NONE = of(null, null);

    /** Returns scans that look only for the usage of a stream and the requests of a batch. */
    static Scans of(@Nullable StreamScan usage, @Nullable InlineBatchScan batch) {
      return new Scans(null, null, usage, null, Optional.empty(), null, null, null, batch);
    }

    private CallReading begin() {
      return CallReading.of(names, models, usage, use, referenceScan, endpoint, callers, batch);
    }

    /** Whether the gateway has to read the body before it sends any part. */
    private boolean mustBeHeld() {
      return models != null
          || use != null
          || callers != null
          || batch != null
          || references.isPresent();
    }
  }

  /**
   * Sets the service that gets the body. Not called if the model in the body selects the service.
   *
   * @param readsUse whether a budget or limit depends on the requested use, such as the number of
   *     tokens
   */
  void goesTo(AuthorizedCall authorized, Optional<Set<ModelPattern>> models, boolean readsUse) {
    allowed = models;
    insistsOnUsage = readsUse;
    isolation = authorized.isolation();
    service = authorized.service();
  }

  /** Called if the body creates a batch. */
  void makesBatchAt(String name) {
    service = name;
  }

  /** Sets the error with which the gateway refuses a body that is too large. */
  void refuseLarger(Supplier<CallError> why) {
    tooLarge = why;
  }

  /**
   * Called if the body selects the service. From now on, no part of the body may be sent before the
   * body is buffered completely.
   */
  void demandHeld() {
    mustBeHeld = true;
  }

  /** Whether no part of the body may be sent before the body is buffered completely. */
  public boolean mustBeHeld() {
    return mustBeHeld || scans.mustBeHeld();
  }

  /**
   * Adapts a completely read body to the service that the model selected.
   *
   * @param model the edits that replace the model's name in the body with the provider's name for
   *     the model
   * @param called the model's name at the provider
   * @param authorized the permission for the call to the selected service
   * @param reasoning the object that decides for which models the reasoning is requested
   * @throws CallRefused if the body refers to an object of a kind that the service does not lend,
   *     or would create such an object, or if the provider's name for the model is a reference
   */
  public void adapt(
      BodyEdits model, String called, AuthorizedCall authorized, IncludedReasoning reasoning) {
    naming = model;
    adapt(authorized, Optional.of(called), reasoning);
    if (isolation.isPresent() && scans.references().isPresent() && !model.isEmpty()) {
      ReferenceErrors.demandLent(
          scans.references().get().inModel(called), Isolation.STORING_NOTHING, service);
    }
  }

  /**
   * Adapts a body without a model to the service that gets the body.
   *
   * @throws CallRefused if the body refers to an object of a kind that the service does not lend,
   *     or would create such an object
   */
  public void adapt(AuthorizedCall authorized, IncludedReasoning reasoning) {
    adapt(authorized, Optional.empty(), reasoning);
  }

  private void adapt(
      AuthorizedCall authorized, Optional<String> called, IncludedReasoning reasoning) {
    asksForUsage = authorized.terms().streamsUsage();
    insistsOnUsage = authorized.readsUse();
    isolation = authorized.isolation();
    service = authorized.service();
    boolean unused = keepItems(Set.of());
    demandLent();
    nameCaller(authorized, called, reasoning);
  }

  /**
   * Writes two things into a body that has been read completely: the names by which the provider
   * knows the caller, and the instruction to store nothing.
   *
   * @param reasoning the object that decides for which models the reasoning is requested
   * @throws CallRefused if the gateway can't write the names, or if the provider would store an
   *     object of a kind that the service does not lend
   */
  public void nameCaller(AuthorizedCall authorized, IncludedReasoning reasoning) {
    nameCaller(authorized, model(), reasoning);
  }

  private void nameCaller(
      AuthorizedCall authorized, Optional<String> called, IncludedReasoning reasoning) {
    if (scans.usage() != null && authorized.isolation().isEmpty()) {
      scans.usage().demandReadable();
    }
    batchEdits =
        batch().flatMap(batch -> authorized.names().map(batch::edits)).orElse(BodyEdits.NONE);
    if (callers != null) {
      callers.write(authorized, called, reasoning);
    }
  }

  /**
   * Whether the gateway requests the reasoning of the response on its own, without the caller's
   * request.
   */
  public boolean includesReasoning() {
    return callers != null && callers.includesReasoning();
  }

  /**
   * Called after the provider has refused to include the reasoning. Remembers the refusal if it was
   * certainly about the gateway's own request for the reasoning, and removes this request as {@link
   * #leaveOutReasoning} does.
   */
  public void reasoningRefused(AuthorizedCall authorized, IncludedReasoning reasoning) {
    if (callers != null) {
      callers.reasoningRefused(authorized, reasoning);
    }
  }

  /**
   * Removes the gateway's own request for the reasoning from the body. The removal takes effect
   * when the caller's names are next written into the body.
   */
  public void leaveOutReasoning() {
    if (callers != null) {
      callers.leaveOutReasoning();
    }
  }

  /** Whether the provider should store the result; empty if the body does not say. */
  public Optional<CallerScan.ResultStorage> storage() {
    return callers == null ? Optional.empty() : callers.storage();
  }

  private void demandLent() {
    isolation.ifPresent(lent -> ReferenceErrors.demandLent(requestedObjects(), lent, service));
  }

  private RequestedObjects requestedObjects() {
    return scans.references().map(FoundReferences::all).orElse(RequestedObjects.NONE);
  }

  /**
   * Returns the objects at the provider to which the body refers. Must be called only after the
   * body has been read. All returned objects are of kinds that are lent or can be shared. The
   * result is empty if the call is not isolated from other people's calls.
   */
  public List<ObjectReference> references() {
    if (scans.batch() != null) {
      return scans.batch().references();
    }
    return isolation.isPresent() ? requestedObjects().references() : List.of();
  }

  /**
   * The conversation items whose ids stay in the body if the caller may use these ids. These are
   * items in the body, and items that an approval in the body names. Empty if no item may keep its
   * id, or if the call is not isolated from other people's calls.
   */
  public List<ObjectReference> keepableItems() {
    return isolation.map(lent -> requestedObjects().keepableItems(lent)).orElse(List.of());
  }

  /**
   * Decides which items keep their ids. Before the first call of this method, no item keeps its id.
   * The decision applies to one service, so this method is called again for each further service.
   *
   * @return whether this changes the body
   */
  public boolean keepItems(Set<String> ids) {
    return scans.references().filter(found -> found.keepItems(ids)).isPresent();
  }

  /** Whether the call copies files into a container. Files in a container can be read later. */
  public boolean fillsContainer() {
    return scans.batch() == null
        ? requestedObjects().fillsContainer()
        : new RequestedObjects(scans.batch().references(), List.of(), Set.of(), Optional.empty())
            .fillsContainer();
  }

  /** Whether the provider could make images for the body, and would store them as files. */
  public boolean makesFiles() {
    return scans.batch() == null && isolation.filter(requestedObjects()::makesFiles).isPresent();
  }

  /** Whether the body asks the model to speak. */
  public boolean asksForSpeech() {
    return scans.batch() == null
        && scans.references().filter(FoundReferences::asksForSpeech).isPresent();
  }

  /** Whether the body requests the content of the referenced object in the answer. */
  public boolean showsContent(ObjectReference reference) {
    InlineBatchScan batch = scans.batch();
    return batch == null ? requestedObjects().showsContent() : batch.showsContent(reference);
  }

  /**
   * The referenced objects, including objects of kinds that are not lent. Items that come with
   * their content are not included, because such items can be sent to any service. Must be called
   * only after the body has been read.
   */
  public List<ObjectReference> found() {
    return requestedObjects().references();
  }

  /**
   * Checks that the service permits the models in the adapted body.
   *
   * @param model the provider's name for the model that selected the service
   * @param path the path below the service's endpoint
   * @throws CallRefused if the request names a model that is not allowed, or if its models are
   *     unreadable
   */
  public void demandWithin(
      Set<ModelPattern> permitted, String model, WireFormat format, String path) {
    new RequestedModel(permitted, format, path)
        .check(Objects.requireNonNull(scans.models()).asked(), model, naming.count());
  }

  /**
   * @param part the next part of the body; the callee has to release it
   * @throws CallRefused if the body becomes too large, either by itself or together with other
   *     bodies
   */
  public void add(ByteBuf part) {
    add(part, false);
  }

  /**
   * @param part the next part of the body; the callee has to release it
   * @param last whether the part completes the body
   * @throws CallRefused if the body becomes too large, either by itself or together with other
   *     bodies
   */
  public void add(ByteBuf part, boolean last) {
    try {
      bytes += part.readableBytes();
      if (bytes > largest) {
        giveUp(tooLarge.get(), part);
      }
      if (!(last && segments.keepWhole(part)) && !segments.keepFull(part) && !segments.copy(part)) {
        giveUp(CallError.BUSY, part);
      }
    } finally {
      part.release();
    }
  }

  /** Stops buffering. The part that did not fit is kept, and is sent next. */
  private void giveUp(CallError why, ByteBuf part) {
    if (mustBeHeld()) {
      throw new CallRefused(why);
    }
    givenUp = true;
    segments.keep(part);
  }

  /** Whether the gateway forwards the body unbuffered and unchanged. */
  public boolean isGivenUp() {
    return givenUp;
  }

  /**
   * Returns what the body says about the batch that it creates from a file; empty if it creates no
   * such batch. Must be called only after the body has been read.
   */
  public Optional<EndpointScan.Said> batchOfFile() {
    return Optional.ofNullable(scans.endpoint()).map(EndpointScan::said);
  }

  /**
   * The requests of a batch in the body; empty if the body contains no batch. Must be called only
   * after the body has been read.
   */
  public Optional<InlineBatchScan> batch() {
    return Optional.ofNullable(scans.batch());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long effort() {
    return bytes * effortOfByte();
  }

  private int effortOfByte() {
    return scans.batch() == null ? 1 : EFFORT_OF_BATCH;
  }

  /** The id whose limit on memory applies to the body. */
  public UUID caller() {
    return caller;
  }

  @Override
  public void beginReading() {
    users.incrementAndGet();
  }

  /**
   * Reads the next part of the body. Only one thread at a time calls this method.
   *
   * @return whether this was the last part
   * @throws CallRefused if the body requests a model that is not permitted
   */
  @Override
  public boolean readOn() {
    byte[] piece = PIECE.get();
    int most = TURN / effortOfByte();
    for (int read = 0; read < most && !abandoned; ) {
      if (part == segments.all().size()) {
        end();
        return true;
      }
      ByteBuf from = segments.all().get(part);
      int length = Math.min(piece.length, from.readableBytes() - offset);
      from.getBytes(from.readerIndex() + offset, piece, 0, length);
      reading.read(piece, 0, length);
      read += length;
      offset += length;
      if (offset == from.readableBytes()) {
        part++;
        offset = 0;
      }
    }
    return abandoned;
  }

  private void end() {
    reading.end();
    if (scans.callers() != null
        && scans.references().filter(FoundReferences::isEmptied).isPresent()) {
      scans.callers().nothingRemains();
    }
    if (scans.use() != null) {
      asksFor = scans.use().use(bytes);
    }
    StreamScan usage = scans.usage();
    if (usage != null) {
      usageEdits = usage.edits(false);
      insistingEdits = usage.edits(true);
      asksFor = usage.hidesUsage() ? BodyUse.UNREAD : asksFor;
    }
    if (scans.names() != null) {
      asked = Set.of(scans.names().named().name());
    } else if (scans.models() != null) {
      asked = scans.models().asked().within(allowed.orElseThrow());
    }
    demandLent();
  }

  @Override
  public void endReading() {
    letGo();
  }

  /**
   * The requested use, such as tokens, reduced to the parts that affect limits and charges; empty
   * before the body has been read.
   */
  public BodyUse use() {
    return asksFor;
  }

  /** The model in the body; empty if the body was not read. */
  public Optional<String> model() {
    Optional<String> named = scans.usage() == null ? Optional.empty() : scans.usage().model();
    if (named.isPresent()) {
      return named;
    }
    if (asked.size() == 1) {
      return Optional.of(asked.iterator().next());
    }
    UsageModel found = asksFor.model();
    return found.isKnown() ? Optional.of(found.name()) : Optional.empty();
  }

  /** The requested models; empty if the body was not read, or if the path names the model. */
  public Optional<String> models() {
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(asked.stream().sorted().collect(Collectors.joining(",")));
  }

  /**
   * @param allowed the currently allowed models; empty if all models are allowed
   * @throws CallRefused if the body or the path requests a model that is not allowed
   */
  public void demandOnly(Optional<Set<ModelPattern>> allowed) {
    if (allowed.isPresent()
        && !Stream.concat(asked.stream(), inPath().stream())
            .allMatch(model -> ModelPattern.anyMatches(allowed.get(), model))) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
  }

  /** The model in the path; empty if the path names none, or if all models are allowed. */
  private Optional<String> inPath() {
    return scans.models() == null ? Optional.empty() : scans.models().asked().inPath();
  }

  /** The edits to apply before the body is sent; none if the body was not read. */
  public BodyEdits edits() {
    BodyEdits named = asksForUsage() ? naming.and(asking()) : naming;
    return named
        .and(separating())
        .and(callers == null ? BodyEdits.NONE : callers.edits())
        .and(batchEdits);
  }

  /** Returns the edits that remove forbidden members, and ids that the caller may not use. */
  private BodyEdits separating() {
    return isolation.isEmpty() || scans.references().isEmpty()
        ? BodyEdits.NONE
        : scans.references().get().edits();
  }

  private BodyEdits asking() {
    return insistsOnUsage ? insistingEdits : usageEdits;
  }

  /** Whether the gateway has changed the body so that it requests the usage in the stream. */
  public boolean asksForUsage() {
    return asksForUsage && !asking().isEmpty();
  }

  /**
   * Returns the edited body, which the receiver has to release. This method can be called
   * repeatedly.
   */
  public List<ByteBuf> take() {
    return edits().apply(segments.duplicate());
  }

  /** Whether the body has been sent or discarded. */
  public boolean isClosed() {
    return closed;
  }

  /** Called after the body has been sent or the call has ended. */
  public void close() {
    if (!closed) {
      closed = true;
      abandoned = true;
      letGo();
    }
  }

  private void letGo() {
    if (users.decrementAndGet() == 0) {
      segments.release();
      batchEdits = BodyEdits.NONE;
      batch().ifPresent(InlineBatchScan::forgetRequests);
    }
  }
}
