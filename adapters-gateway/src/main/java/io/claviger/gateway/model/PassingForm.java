package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.objects.Isolation;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Searches a multipart form for references to objects at the provider, while the form passes, so
 * that its files need not be held. The piece that completes a reference is never sent, and without
 * it the provider has no complete request.
 */
public final class PassingForm {
  private static final int PIECE = 8 << 10;

  private final FoundReferences found;
  private final CallerFormScan callers;
  private final CallReading reading;
  private final AuthorizedCall call;
  private final byte[] piece = new byte[PIECE];

  private PassingForm(
      FoundReferences found, CallerFields fields, String boundary, AuthorizedCall call) {
    this.found = found;
    this.callers = new CallerFormScan(fields, boundary);
    this.reading = CallReading.of(new FormReferenceScan(found, boundary), callers);
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
                    new PassingForm(found, CallerScan.fields(call, request, path), boundary, call))
            .orElse(null);
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
