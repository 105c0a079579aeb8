package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.spending.OperationKind;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.claviger.gateway.head.BodyLength;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which bodies are buffered, and which readers each body needs. The readers find the
 * models, the requested use, the edits for a stream, references to objects of other callers, and
 * the fields that identify the caller. A body is forwarded unchanged if nothing that the gateway
 * does depends on the content of the body.
 */
public final class BodyBuffering {
  private BodyBuffering() {}

  /**
   * Begins to buffer a body that has to be read before any of it is sent.
   *
   * @param path the path that is called, without the path of the service's endpoint
   * @param paces whether the call waits for a turn, and the turn depends on the use that the body
   *     requests. If true, the use is read from the body if that is possible
   * @param budget limits the memory that all bodies together take
   * @param heldBytes the size, in bytes, of the largest body that is searched for references to
   *     objects
   * @param mostBytes the size, in bytes, of the largest body that any request may have
   * @return null if the body need not be read, or if the request has none
   * @throws CallRefused if the request names a model that is not allowed. Also if the body can't be
   *     searched for its model or for references, or if there is no room in memory for the body
   */
  public static @Nullable BufferedBody ifReadFirst(
      AuthorizedCall authorized,
      HttpRequest request,
      String path,
      boolean paces,
      BufferBudget budget,
      long heldBytes,
      long mostBytes,
      ByteBufAllocator buffers) {
    InlineBatchScan batch = InlineBatchScan.of(authorized, request, path);
    if (batch != null) {
      return ofBatch(batch, authorized, request, budget, Math.min(heldBytes, mostBytes), buffers);
    }
    OperationKind kind = OperationKind.of(request.method().name(), path);
    boolean readsUse = authorized.readsUse() && kind != OperationKind.NOTHING;
    Optional<Set<ModelPattern>> models =
        namesNoModel(authorized, request.method().name(), path)
            ? Optional.empty()
            : authorized.models();
    boolean mayStream = models.isEmpty() && !readsUse;
    Optional<FoundReferences> references =
        SeparatedBody.found(authorized, request, path, mayStream);
    CallerFields written = CallerScan.fields(authorized, request, path, mayStream);
    boolean separates = references.isPresent() || !written.isEmpty();
    long largest = Math.min(separates ? heldBytes : BufferedBody.LARGEST, mostBytes);
    boolean scansUse =
        readsUse
            || (paces
                && kind != OperationKind.NOTHING
                && canBeScanned(request, separates, largest));
    if (mayStream && !separates && !scansUse) {
      StreamScan usage = StreamScan.ifWorthHolding(authorized, request, path, largest);
      BufferBudget.BufferReservation reservation = usage == null ? null : budget.begin(authorized);
      return reservation == null
          ? null
          : new BufferedBody(BufferedBody.Scans.of(usage, null), reservation, largest, buffers);
    }
    Optional<RequestedModel> model =
        models.map(allowed -> new RequestedModel(allowed, authorized.standard().format(), path));
    model.ifPresent(RequestedModel::checkPath);
    BodyLength length = BodyLength.of(request.headers());
    if (!length.isChunked() && length.bytes() == 0) {
      if (model.isPresent() && !request.method().name().equals("GET")) {
        throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_READABLE));
      }
      return null;
    }
    BodyType type = BodyType.of(request.headers());
    BufferedBody.Scans scans =
        new BufferedBody.Scans(
            null,
            model.map(m -> m.scan(type)).orElse(null),
            streamScan(authorized, request, path, type, mayStream, largest),
            scansUse ? UseScan.of(authorized, kind, path, type) : null,
            references,
            references.map(found -> SeparatedBody.scan(found, type)).orElse(null),
            makesBatch(authorized, request.method().name(), path) && type.mayBeJson()
                ? new EndpointScan()
                : null,
            CallerScan.of(written, authorized.standard().format().api(), path, type),
            null);
    BufferedBody body =
        new BufferedBody(scans, BufferBudget.taken(budget.begin(authorized)), largest, buffers);
    body.goesTo(authorized, models, readsUse);
    Supplier<CallError> tooLarge =
        separates && largest < mostBytes
            ? () -> ReferenceErrors.tooLarge(largest)
            : () -> CallError.BODY_TOO_LARGE;
    body.refuseLarger(tooLarge);
    if (length.bytes() > largest && separates) {
      body.close();
      throw new CallRefused(tooLarge.get());
    }
    return body;
  }

  /**
   * Whether the gateway may try to read the requested use from a body. A call must not be refused
   * because the gateway can't read its use. The gateway does not try to read forms, because forms
   * may contain large files.
   */
  private static boolean canBeScanned(HttpRequest request, boolean separates, long largest) {
    BodyLength length = BodyLength.of(request.headers());
    return (separates || (!length.isChunked() && length.bytes() <= largest))
        && BodyType.of(request.headers()).mayBeJson();
  }

  private static BufferedBody ofBatch(
      InlineBatchScan batch,
      AuthorizedCall authorized,
      HttpRequest request,
      BufferBudget budget,
      long largest,
      ByteBufAllocator buffers) {
    BodyLength length = BodyLength.of(request.headers());
    if (length.bytes() > largest) {
      throw new CallRefused(ReferenceErrors.batchTooLarge(largest));
    }
    if (!length.isChunked() && length.bytes() == 0) {
      throw new CallRefused(ReferenceErrors.ofBatch(BatchRefusal.Reason.NO_REQUESTS));
    }
    BufferedBody body =
        new BufferedBody(
            BufferedBody.Scans.of(null, batch),
            BufferBudget.taken(budget.begin(authorized)),
            largest,
            buffers);
    body.makesBatchAt(authorized.service());
    body.refuseLarger(() -> ReferenceErrors.batchTooLarge(largest));
    return body;
  }

  private static boolean makesBatch(AuthorizedCall authorized, String method, String path) {
    return authorized
        .standard()
        .objectOperation(method, path)
        .filter(ObjectOperation::makesBatch)
        .isPresent();
  }

  /**
   * Whether a call works on stored objects and names no model, so that limits on models do not
   * apply to the call.
   */
  private static boolean namesNoModel(AuthorizedCall authorized, String method, String path) {
    return authorized.models().isPresent()
        && authorized.standard().operation(method, path).isEmpty()
        && authorized
            .standard()
            .objectOperation(method, path)
            .filter(operation -> !operation.asksForModel())
            .isPresent();
  }

  private static @Nullable StreamScan streamScan(
      AuthorizedCall authorized,
      HttpRequest request,
      String path,
      BodyType type,
      boolean mayStream,
      long largest) {
    if (!mayStream) {
      return StreamScan.ifWorthReading(authorized, request, path, type);
    }
    StreamScan worthHolding = StreamScan.ifWorthHolding(authorized, request, path, largest);
    return worthHolding == null ? StreamScan.ofModel(type) : worthHolding;
  }

  /**
   * Begins to buffer a body of a request that the gateway itself answers.
   *
   * @param largest the largest number of bytes that the body may have
   * @throws CallRefused if there is no room in memory for the body
   */
  public static BufferedBody ofOwn(
      AuthorizedCall authorized, BufferBudget budget, long largest, ByteBufAllocator buffers) {
    return ofOwn(budget.begin(authorized), largest, buffers);
  }

  /**
   * Begins to buffer a body of a request that the gateway itself answers, on a URL that names no
   * service.
   *
   * @param caller the id under which the caller is counted
   * @throws CallRefused if there is no room in memory for the body
   */
  public static BufferedBody ofOwn(
      UUID caller, BufferBudget budget, long largest, ByteBufAllocator buffers) {
    return ofOwn(budget.begin(caller, Optional.empty()), largest, buffers);
  }

  private static BufferedBody ofOwn(
      BufferBudget.@Nullable BufferReservation room, long largest, ByteBufAllocator buffers) {
    BufferedBody body =
        new BufferedBody(BufferedBody.Scans.NONE, BufferBudget.taken(room), largest, buffers);
    body.demandHeld();
    return body;
  }

  /**
   * Begins to buffer a body that decides which service is called.
   *
   * @param names finds the model that the body requests; null if it requests none
   * @param caller the id under which the caller is counted
   * @param largest the largest number of bytes that the body may have
   * @param tooLarge the error for a larger body
   * @throws CallRefused if there is no room in memory for the body
   */
  public static BufferedBody hold(
      HeldRequest request,
      @Nullable NameScan names,
      UUID caller,
      BufferBudget budget,
      long largest,
      Supplier<CallError> tooLarge,
      ByteBufAllocator buffers) {
    BufferBudget.BufferReservation reservation =
        BufferBudget.taken(budget.begin(caller, Optional.empty()));
    BufferedBody body = new BufferedBody(request.scans(names), reservation, largest, buffers);
    body.refuseLarger(tooLarge);
    body.demandHeld();
    return body;
  }
}
