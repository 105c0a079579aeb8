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
 * Decides which bodies the gateway buffers, and which readers search a body. The readers find the
 * models, the requested use, the edits for a stream, references to other callers' objects, and
 * fields that identify the caller. If nothing depends on the content of a body, the gateway
 * forwards the body unchanged.
 *
 * @param budget the object that limits the memory for all bodies together
 * @param heldBytes the largest body, in bytes, that the gateway reads to find references to objects
 *     or the service of the call
 * @param mostBytes the largest body, in bytes, of any request
 */
public record BodyBuffering(BufferBudget budget, long heldBytes, long mostBytes) {
  /**
   * Begins to buffer a body if the gateway has to read the body before it can send any part.
   *
   * @param path the path below the service's endpoint
   * @param paces whether the requested use decides how long the call has to wait for the provider's
   *     limits. If true, the gateway tries to read the use from the body
   * @return null if the request has no body or the gateway need not read the body
   * @throws CallRefused if the request names a model that is not allowed, if the gateway can't find
   *     the body's model or references, or if there is no memory for the body
   */
  public @Nullable BufferedBody bufferIfNeeded(
      AuthorizedCall authorized,
      HttpRequest request,
      String path,
      boolean paces,
      ByteBufAllocator buffers) {
    InlineBatchScan batch = InlineBatchScan.of(authorized, request, path);
    if (batch != null) {
      return ofBatch(batch, authorized, request, buffers);
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
    BodyLength length = BodyLength.of(request);
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
            model.map(m -> m.scan(type, request.headers())).orElse(null),
            streamScan(authorized, request, path, type, mayStream, largest),
            scansUse ? UseScan.of(authorized, kind, path, type, request.headers()) : null,
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
   * Whether the gateway may try to read the requested use from a body. If the attempt fails, the
   * gateway must not refuse the call. The gateway does not try to read forms, because they might
   * contain large files.
   */
  private static boolean canBeScanned(HttpRequest request, boolean separates, long largest) {
    BodyLength length = BodyLength.of(request);
    return (separates || (!length.isChunked() && length.bytes() <= largest))
        && BodyType.of(request.headers()).mayBeJson();
  }

  private BufferedBody ofBatch(
      InlineBatchScan batch,
      AuthorizedCall authorized,
      HttpRequest request,
      ByteBufAllocator buffers) {
    long largest = largestHeld();
    BodyLength length = BodyLength.of(request);
    if (length.bytes() > largest) {
      throw new CallRefused(InlineBatchScan.tooLarge(largest));
    }
    if (!length.isChunked() && length.bytes() == 0) {
      throw new CallRefused(ReferenceErrors.ofBatch(BatchRefusal.Reason.NO_REQUESTS));
    }
    BufferBudget.BufferReservation reservation = BufferBudget.taken(budget.begin(authorized));
    batch.countIn(reservation, largest);
    BufferedBody body =
        new BufferedBody(BufferedBody.Scans.of(null, batch), reservation, largest, buffers);
    body.makesBatchAt(authorized.service());
    body.refuseLarger(() -> InlineBatchScan.tooLarge(largest));
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
   * Whether a call works on stored objects without a model. Limits on models do not apply to such a
   * call.
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
   * Begins to buffer the body of a request that the gateway itself answers.
   *
   * @param largest the largest size of the body, in bytes
   * @throws CallRefused if there is no memory for the body
   */
  public BufferedBody ofOwn(AuthorizedCall authorized, long largest, ByteBufAllocator buffers) {
    return ofOwn(budget.begin(authorized), largest, buffers);
  }

  /**
   * Begins to buffer the body of a request that the gateway itself answers, for a URL that names no
   * service.
   *
   * @param caller the id under which the budget counts the body
   * @throws CallRefused if there is no memory for the body
   */
  public BufferedBody ofOwn(UUID caller, long largest, ByteBufAllocator buffers) {
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
   * Begins to buffer a body whose content selects the service.
   *
   * @param names the scan for the requested model in the body; null if the body requests no model
   * @param caller the id under which the budget counts the body
   * @throws CallRefused if there is no memory for the body
   */
  public BufferedBody hold(
      HeldRequest request, @Nullable NameScan names, UUID caller, ByteBufAllocator buffers) {
    BufferBudget.BufferReservation reservation =
        BufferBudget.taken(budget.begin(caller, Optional.empty()));
    BufferedBody body = new BufferedBody(request.scans(names), reservation, largestHeld(), buffers);
    body.refuseLarger(this::heldTooLarge);
    body.demandHeld();
    return body;
  }

  /** Returns the largest body, in bytes, that can be buffered until the service is known. */
  public long largestHeld() {
    return Math.min(heldBytes, mostBytes);
  }

  /** Returns the error for a body that is larger than {@link #largestHeld}. */
  public CallError heldTooLarge() {
    return largestHeld() < mostBytes
        ? CallError.heldBodyTooLarge(largestHeld())
        : CallError.BODY_TOO_LARGE;
  }
}
