package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
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
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read completely before any of it is sent to the provider. There are several
 * possible reasons for this. The caller may call only some models. The model may decide which
 * service is called. Budgets may depend on what the body requests. The body may refer to objects of
 * others who use the same key. Or the gateway may have to edit the body so that the stream states
 * its usage. If the usage is the only reason for buffering and there is no room for the body, the
 * body is sent without being buffered or changed. Confined to an event loop, except for {@link
 * #readOn}.
 */
public final class BufferedBody implements BodyReaders.Reading {
  /** The largest number of bytes that a buffered body may have. */
  static final int LARGEST = 16 << 20;

  /** How many bytes of a body are read in one turn; a turn takes less than ten milliseconds. */
  private static final int TURN = 256 << 10;

  /** A buffer of the thread, which contains the piece of a body that is being read. */
  private static final FastThreadLocal<byte[]> PIECE =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[8 << 10];
        }
      };

  private final Scans scans;

  /**
   * The models that the body may request; empty if it may request any model, or while the service
   * is not known.
   */
  private Optional<Set<ModelPattern>> allowed = Optional.empty();

  /**
   * The edits of the fields that identify the caller; null if the body has no fields of this kind.
   */
  private final @Nullable CallerEdits callers;

  /**
   * How the call is isolated from the calls of other people; empty if it need not be isolated, or
   * while the service is not known.
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
   * Whether the body must be buffered completely before any of it can be sent. It is true if the
   * body decides which service is called.
   */
  private boolean mustBeHeld;

  private boolean asksForUsage = true;

  /**
   * Whether a budget counts the usage of the call. If true, the gateway requests that the stream
   * states its usage, even if the caller's request says not to.
   */
  private boolean insistsOnUsage;

  private BodyEdits usageEdits = BodyEdits.NONE;
  private BodyEdits insistingEdits = BodyEdits.NONE;
  private BodyEdits naming = BodyEdits.NONE;
  private boolean closed;
  private final UUID caller;

  /**
   * How many users of the body's memory there are: the call is one, and the reading thread is
   * another. The memory is freed when this number becomes 0.
   */
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile boolean abandoned;

  /** The index of the segment at which the reading continues. */
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
   * @param names finds the model in the body; null unless the model decides which service is called
   * @param models finds all models in the body; null if any model may be requested
   * @param usage finds the edits that request the usage; null if the body does not request a stream
   *     that could state its usage
   * @param use finds the use that the call requests; null if nothing depends on it
   * @param references the references to objects that are found in the body; empty if the body can't
   *     refer to objects of others
   * @param referenceScan finds the references to objects; null if there can be none
   * @param endpoint finds the operation that a batch is to call; null unless the body creates a
   *     batch
   * @param callers finds the fields that identify the caller; null if nothing in the body
   *     identifies the caller
   * @param batch reads the requests of a batch; null unless the body contains such requests
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

    /**
     * Returns scans that look for the usage of a stream or for the requests of a batch, and for
     * nothing else.
     */
    static Scans of(@Nullable StreamScan usage, @Nullable InlineBatchScan batch) {
      return new Scans(null, null, usage, null, Optional.empty(), null, null, null, batch);
    }

    private CallReading begin() {
      return CallReading.of(names, models, usage, use, referenceScan, endpoint, callers, batch);
    }

    /** Whether the body must not be sent before it has been read. */
    private boolean mustBeHeld() {
      return models != null
          || use != null
          || callers != null
          || batch != null
          || references.isPresent();
    }
  }

  /**
   * Sets the service to which the body will be sent. This method is not called if the model in the
   * body decides which service is called.
   *
   * @param readsUse whether a budget or limit depends on what the body requests, such as the number
   *     of tokens
   */
  void goesTo(AuthorizedCall authorized, Optional<Set<ModelPattern>> models, boolean readsUse) {
    allowed = models;
    insistsOnUsage = readsUse;
    isolation = authorized.isolation();
    service = authorized.service();
  }

  /** Called if the body asks a service to create a batch. */
  void makesBatchAt(String name) {
    service = name;
  }

  /** Sets the error with which the gateway refuses a body that is too large. */
  void refuseLarger(Supplier<CallError> why) {
    tooLarge = why;
  }

  /**
   * Called if the body must be buffered completely before any of it can be sent. That is necessary
   * if the body decides which service is called.
   */
  void demandHeld() {
    mustBeHeld = true;
  }

  /**
   * Adapts the body, which has been read completely, to the service to which its model led.
   *
   * @param model edits that replace the name of the model in the body by the name by which the
   *     provider knows the model
   * @param called the name by which the provider knows the called model
   * @param authorized the call to the service to which the model led
   * @param reasons tells whether a model, when called at an endpoint, is known to reason
   * @throws CallRefused if the body refers to objects of kinds that are not lent, or would make
   *     such objects
   */
  public void adapt(
      BodyEdits model,
      String called,
      AuthorizedCall authorized,
      BiPredicate<Endpoint, String> reasons) {
    naming = model;
    adapt(authorized, Optional.of(called), reasons);
  }

  /**
   * Adapts the body to the service to which it will be sent, if the body names no model.
   *
   * @throws CallRefused if the body refers to objects of kinds that are not lent, or would make
   *     such objects
   */
  public void adapt(AuthorizedCall authorized) {
    adapt(authorized, Optional.empty(), (endpoint, model) -> false);
  }

  private void adapt(
      AuthorizedCall authorized, Optional<String> called, BiPredicate<Endpoint, String> reasons) {
    asksForUsage = authorized.terms().streamsUsage();
    insistsOnUsage = authorized.readsUse();
    isolation = authorized.isolation();
    service = authorized.service();
    demandLent();
    nameCaller(authorized, called, reasons);
  }

  /**
   * Writes two things into the body, after the body has been read completely: the names of the
   * caller, and the instruction to store nothing.
   *
   * @param reasons tells whether a model, when called at an endpoint, is known to reason
   * @throws CallRefused if the names can't be written, or if the provider would store something
   *     although storage of that kind is not lent
   */
  public void nameCaller(AuthorizedCall authorized, BiPredicate<Endpoint, String> reasons) {
    nameCaller(authorized, model(), reasons);
  }

  private void nameCaller(
      AuthorizedCall authorized, Optional<String> called, BiPredicate<Endpoint, String> reasons) {
    if (scans.usage() != null && authorized.isolation().isEmpty()) {
      scans.usage().demandReadable();
    }
    batchEdits =
        batch().flatMap(batch -> authorized.names().map(batch::edits)).orElse(BodyEdits.NONE);
    if (callers != null) {
      callers.write(authorized, called, reasons);
    }
  }

  /**
   * Whether the gateway asks for the reasoning of the response although the caller did not ask for
   * it.
   */
  public boolean includesReasoning() {
    return callers != null && callers.includesReasoning();
  }

  /**
   * Removes the gateway's request for the reasoning from the body. The change takes effect when the
   * caller's names are written into the body the next time.
   */
  public void leaveOutReasoning() {
    if (callers != null) {
      callers.leaveOutReasoning();
    }
  }

  /** Whether the provider is to store the result; empty if the body does not say. */
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
   * body was read. All these objects are of kinds that are lent. Empty if the call is not isolated
   * from the calls of others.
   */
  public List<ObjectReference> references() {
    if (scans.batch() != null) {
      return scans.batch().references();
    }
    return isolation.map(lent -> requestedObjects().toCheck(lent)).orElse(List.of());
  }

  /**
   * Whether the call puts the files to which the body refers into a container. Files in a container
   * can be read later.
   */
  public boolean fillsContainer() {
    return scans.batch() == null
        ? requestedObjects().fillsContainer()
        : new RequestedObjects(scans.batch().references(), List.of(), Set.of(), Optional.empty())
            .fillsContainer();
  }

  /**
   * Whether the body demands that the answer shows the content of objects to which the body refers.
   */
  public boolean showsContent() {
    return scans.batch() == null && requestedObjects().showsContent();
  }

  /**
   * The objects to which the body refers, including objects of kinds that are not lent. Must be
   * called only after the body was read.
   */
  public List<ObjectReference> found() {
    RequestedObjects all = requestedObjects();
    return all.items().isEmpty()
        ? all.references()
        : Stream.concat(all.references().stream(), all.items().stream()).toList();
  }

  /**
   * Compares the models that the adapted body requests with the models that the service permits.
   *
   * @param model the provider's name of the model in the body, which decided that this service is
   *     called
   * @param path the path that is called, without the path of the service's endpoint
   * @throws CallRefused if the request names a model that is not allowed, or if its models can't be
   *     read
   */
  public void demandWithin(
      Set<ModelPattern> permitted, String model, WireFormat format, String path) {
    new RequestedModel(permitted, format, path)
        .check(Objects.requireNonNull(scans.models()).asked(), model, naming.count());
  }

  /**
   * @param part the next part of the body; from now on, the callee has to release it
   * @throws CallRefused when the body becomes too large, either for this call or together with the
   *     bodies of other calls
   */
  public void add(ByteBuf part) {
    add(part, false);
  }

  /**
   * @param part the next part of the body; from now on, the callee has to release it
   * @param last whether the body is complete with this part
   * @throws CallRefused when the body becomes too large, either for this call or together with the
   *     bodies of other calls
   */
  public void add(ByteBuf part, boolean last) {
    try {
      bytes += part.readableBytes();
      if (bytes > largest) {
        giveUp(tooLarge.get(), part);
      }
      if (!(last && segments.keepWhole(part)) && !segments.copy(part)) {
        giveUp(CallError.BUSY, part);
      }
    } finally {
      part.release();
    }
  }

  /** Stops buffering. The part for which there was no room is kept, and is sent next. */
  private void giveUp(CallError why, ByteBuf part) {
    if (mustBeHeld || scans.mustBeHeld()) {
      throw new CallRefused(why);
    }
    givenUp = true;
    segments.keep(part);
  }

  /** Whether the body is sent unchanged, while its later parts are still arriving. */
  public boolean isGivenUp() {
    return givenUp;
  }

  /**
   * Returns the content of a body that creates a batch from a file. The content is only known after
   * the body has been read. Empty if the body creates no such batch.
   */
  public Optional<EndpointScan.Said> batchOfFile() {
    return Optional.ofNullable(scans.endpoint()).map(EndpointScan::said);
  }

  /**
   * The requests of a batch in the body, which are known once the body has been read; empty if the
   * body contains none.
   */
  public Optional<InlineBatchScan> batch() {
    return Optional.ofNullable(scans.batch());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** The id under which the caller is counted. */
  public UUID caller() {
    return caller;
  }

  @Override
  public void beginReading() {
    users.incrementAndGet();
  }

  /**
   * Reads the next part of the body to find the models that the body requests. Only one thread at a
   * time calls this method.
   *
   * @return whether the part that was read was the last one
   * @throws CallRefused if the body requests a model that is not permitted
   */
  @Override
  public boolean readOn() {
    byte[] piece = PIECE.get();
    for (int read = 0; read < TURN && !abandoned; ) {
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
   * What the body requests, such as tokens, as far as limits and charges depend on it; empty before
   * the body has been read.
   */
  public BodyUse use() {
    return asksFor;
  }

  /** The model that the body names; empty if the body was not read. */
  public Optional<String> model() {
    Optional<String> named = scans.usage() == null ? Optional.empty() : scans.usage().model();
    Optional<String> only = asked.size() == 1 ? asked.stream().findFirst() : Optional.empty();
    return named
        .or(() -> only)
        .or(() -> Optional.of(asksFor.model()).filter(UsageModel::isKnown).map(UsageModel::name));
  }

  /**
   * The models that the body requests; empty if the body was not read, or if the path names the
   * model.
   */
  public Optional<String> models() {
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(asked.stream().sorted().collect(Collectors.joining(",")));
  }

  /**
   * @param allowed the models that are allowed now; empty if all models are allowed
   * @throws CallRefused when the body or the path requests a model that is not allowed
   */
  public void demandOnly(Optional<Set<ModelPattern>> allowed) {
    if (allowed.isPresent()
        && !Stream.concat(asked.stream(), inPath().stream())
            .allMatch(model -> ModelPattern.anyMatches(allowed.get(), model))) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
  }

  /** The model that the path names, if only some models are allowed. */
  private Optional<String> inPath() {
    return scans.models() == null ? Optional.empty() : scans.models().asked().inPath();
  }

  /** The edits that are applied to the body before it is sent; none if the body was not read. */
  public BodyEdits edits() {
    BodyEdits named = asksForUsage() ? naming.and(asking()) : naming;
    return named
        .and(separating())
        .and(callers == null ? BodyEdits.NONE : callers.edits())
        .and(batchEdits);
  }

  /** Returns the edits that remove references to objects of kinds that are not lent. */
  private BodyEdits separating() {
    return isolation.isEmpty() || scans.references().isEmpty()
        ? BodyEdits.NONE
        : scans.references().get().edits(isolation.get().lends(ObjectKind.RESPONSES));
  }

  private BodyEdits asking() {
    return insistsOnUsage ? insistingEdits : usageEdits;
  }

  /** Whether the gateway has added a member to the body that makes the stream state its usage. */
  public boolean asksForUsage() {
    return asksForUsage && !asking().isEmpty();
  }

  /**
   * Returns the body in the form in which it is sent, for the receiver to release. This method can
   * be called repeatedly.
   */
  public List<ByteBuf> take() {
    return edits().apply(segments.duplicate());
  }

  /** Whether the body has been sent or discarded. */
  public boolean isClosed() {
    return closed;
  }

  /** Called when the body has been sent or the call has ended. */
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
    }
  }
}
