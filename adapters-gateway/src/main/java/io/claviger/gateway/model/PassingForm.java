package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches a multipart form for references to objects at the provider while the gateway forwards
 * the form. So the gateway need not buffer the form's files. If the gateway finds a reference, it
 * does not send the piece that completes the reference. So the provider never gets a complete
 * request with this reference.
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
   * Begins to search a body that the gateway forwards unbuffered.
   *
   * @param path the path after the name of the service or project
   * @return null if the body is not a form or can't contain references
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
                                call.caps(),
                                call.isolation().map(Isolation::knownToolsOnly).orElse(true),
                                boundary)
                            : null,
                        boundary,
                        call))
            .orElse(null);
  }

  /** Whether the form might contain a file for a later batch. */
  private static boolean mayHoldBatch(AuthorizedCall call, HttpRequest request, String path) {
    return call.isolation().filter(isolation -> isolation.lends(ObjectKind.BATCHES)).isPresent()
        && call.standard()
            .objectOperation(request.method().name(), path)
            .filter(each -> each.kind() == ObjectKind.FILES && each.effect() == Effect.CREATE)
            .isPresent();
  }

  /** The verdict on the form's file as the input of a batch; empty if the form has no such file. */
  public Optional<BatchVerdict> verdict() {
    return batch == null ? Optional.empty() : batch.verdict();
  }

  /**
   * @param part the next part of the body; this method does not change it
   * @param last whether the part completes the body
   * @throws CallRefused if the gateway must not send the part to the provider
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

  /**
   * Reads the file that a form contains. The lines of the file are read as requests of a batch,
   * unless the form names another purpose for the file. The part with the purpose can follow the
   * file. There is no verdict if parsers could find different files or purposes in the form.
   */
  private static final class BatchFormScan implements BodyPart.FormPart {
    private static final String PURPOSE = "purpose";
    private static final String FILE = "file";
    private static final String BATCH = "batch";

    private final ProviderApi api;
    private final ObeyedCaps caps;
    private final boolean knownToolsOnly;
    private final String boundary;
    private @Nullable BatchScan file;
    private boolean inFile;
    private boolean isBatch;
    private boolean isOther;
    private boolean complete;

    /**
     * @param caps the caps on output and tools that the provider obeys
     * @param knownToolsOnly whether an unknown type of tool is a fault
     */
    BatchFormScan(ProviderApi api, ObeyedCaps caps, boolean knownToolsOnly, String boundary) {
      this.api = api;
      this.caps = caps;
      this.knownToolsOnly = knownToolsOnly;
      this.boundary = boundary;
    }

    /** The verdict on the file; empty if the form is incomplete or has another purpose. */
    Optional<BatchVerdict> verdict() {
      return complete && isBatch && !isOther
          ? Optional.ofNullable(file).map(BatchScan::end)
          : Optional.empty();
    }

    @Override
    public String boundary() {
      return boundary;
    }

    @Override
    public void malformed() {
      isOther = true;
    }

    @Override
    public void complete() {
      complete = true;
    }

    @Override
    public boolean wants(PartHead part) {
      inFile = false;
      String base = part.baseName();
      if (base.equals(PURPOSE)) {
        isOther |= isBatch || !part.isPlainText() || !part.name().equals(base);
        return part.isPlainText();
      }
      if (part.isFile() || base.equals(FILE)) {
        isOther |= file != null || !part.isFile() || !part.name().equals(FILE);
        inFile = !isOther;
        file = new BatchScan(api, caps, knownToolsOnly);
      }
      return false;
    }

    @Override
    public void content(String text, long from, long to) {
      isBatch = text.equals(BATCH);
      isOther |= !isBatch;
    }

    @Override
    public boolean passes(PartHead part) {
      return inFile;
    }

    @Override
    public void piece(byte[] bytes, int from, int to) {
      if (inFile && !isOther && file != null && !file.isOver()) {
        file.read(bytes, from, to);
      }
    }
  }
}
