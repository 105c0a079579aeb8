package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches a multipart form for references to objects at the provider, while the form passes, so
 * that its files need not be held. The piece that completes a reference is never sent, and without
 * it the provider has no complete request.
 */
public final class PassingForm {
  private static final int PIECE = 8 << 10;

  private final FoundReferences found;
  private final @Nullable BatchFormScan batch;
  private final CallerFormScan callers;
  private final CallReading reading;
  private final AuthorizedCall call;
  private final byte[] piece = new byte[PIECE];

  private PassingForm(
      FoundReferences found,
      CallerFields fields,
      @Nullable BatchFormScan batch,
      String boundary,
      AuthorizedCall call) {
    this.found = found;
    this.callers = new CallerFormScan(fields, boundary);
    this.batch = batch;
    this.reading = CallReading.of(new FormReferenceScan(found, boundary), callers, batch);
    this.call = call;
  }

  /**
   * Begins to search a body that is not held.
   *
   * @param path below the service
   * @return null if the body is no form, or can't refer to anything
   */
  public static @Nullable PassingForm of(AuthorizedCall call, HttpRequest request, String path) {
    FoundReferences found = SeparatedBody.found(call, request, path).orElse(null);
    return found == null
        ? null
        : BodyType.of(request.headers())
            .boundaryIfPlain()
            .map(
                boundary ->
                    new PassingForm(
                        found,
                        CallerScan.fields(call, request, path),
                        mayHoldBatch(call, request, path)
                            ? new BatchFormScan(
                                call.standard().format().api(),
                                call.provider().caps(),
                                call.isolation().map(Isolation::knownToolsOnly).orElse(true),
                                boundary)
                            : null,
                        boundary,
                        call))
            .orElse(null);
  }

  /** Whether the form may contain a file of which the caller can make a batch. */
  private static boolean mayHoldBatch(AuthorizedCall call, HttpRequest request, String path) {
    return call.isolation().filter(isolation -> isolation.lends(ObjectKind.BATCHES)).isPresent()
        && call.standard()
            .objectOperation(request.method().name(), path)
            .filter(each -> each.kind() == ObjectKind.FILES && each.effect() == Effect.CREATE)
            .isPresent();
  }

  /** What was found in a file that is the input of a batch; empty if the form has none. */
  public Optional<BatchVerdict> verdict() {
    return batch == null ? Optional.empty() : batch.verdict();
  }

  /**
   * @param part the next part of the body; not changed
   * @param last whether the body is complete with it
   * @throws CallRefused when the part must not be sent
   */
  public void read(ByteBuf part, boolean last) {
    int at = part.readerIndex();
    while (at < part.writerIndex()) {
      int length = Math.min(PIECE, part.writerIndex() - at);
      part.getBytes(at, piece, 0, length);
      reading.read(piece, 0, length);
      at += length;
    }
    if (last) {
      reading.end();
    }
    ReferenceErrors.demandLent(found.all(), Isolation.STORING_NOTHING, call.service());
    call.names().ifPresent(callers::demandNothing);
  }
}
