package io.claviger.gateway.model;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requested model while the gateway forwards the body. The gateway needs the model only
 * for the record of the usage. The model can be in the path, or anywhere in JSON or a multipart
 * form. No decision depends on the model, so the first of several models is recorded.
 *
 * <p>The search ends when it has found the model, which comes first in most bodies. The search
 * takes linear time, and keeps in memory only one name or the head of one part.
 */
public final class PassingModel implements JsonEvents {
  private static final String MODEL = "model";
  private static final byte[] NOTHING = {};

  /**
   * The number of bytes at the beginning of a body that are searched first, because most bodies
   * name the model there.
   */
  private static final int FIRST = 128;

  private static final int PIECE = 8 << 10;

  private final JsonScanner scanner = new JsonScanner(this, ScannedText.LONGEST);

  /** The reader of the body as a multipart form; null if the body is JSON. */
  private final @Nullable MultipartReader form;

  private byte[] piece = new byte[FIRST];
  private Optional<String> model;
  private boolean done;
  private int depth;
  private boolean next;

  private PassingModel(Optional<String> model, Optional<String> boundary, boolean done) {
    this.model = model;
    this.form = boundary.map(b -> new MultipartReader(new NamedPart(), b)).orElse(null);
    this.done = done;
  }

  /**
   * @param path the path after the name of the service or project
   */
  public static PassingModel of(WireFormat format, String path, HttpRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      return new PassingModel(Optional.empty(), Optional.empty(), true);
    }
    Optional<String> inPath = format.api().modelInPath(path);
    BodyType type = BodyType.of(request.headers());
    Optional<String> boundary = type.boundaryIfPlain();
    boolean unread =
        inPath.isPresent() || type.isEncoded() || (boundary.isEmpty() && !type.mayBeJson());
    return new PassingModel(inPath, boundary, unread);
  }

  /**
   * @param part a part of the body; this method does not change it
   */
  public void read(ByteBuf part) {
    int at = part.readerIndex();
    while (!done && at < part.writerIndex()) {
      int length = Math.min(piece.length, part.writerIndex() - at);
      part.getBytes(at, piece, 0, length);
      at += length;
      read(length);
      if (!done && piece.length == FIRST) {
        piece = new byte[PIECE];
      }
    }
    if (done) {
      piece = NOTHING;
    }
  }

  private void read(int length) {
    try {
      if (form == null) {
        scanner.read(piece, 0, length);
      } else {
        form.read(piece, 0, length);
      }
    } catch (MalformedBody | CallRefused e) {
      done = true; // the record of the usage does not need the model
    }
  }

  public Optional<String> model() {
    return model;
  }

  @Override
  public void opened(boolean array) {
    depth++;
    next = false;
  }

  @Override
  public void closed() {
    depth--;
    next = false;
  }

  @Override
  public void name(ScannedText name) {
    next = depth == 1 && !done && name.toString().equals(MODEL);
  }

  @Override
  public boolean wantsText() {
    return next && !done;
  }

  @Override
  public void text(ScannedText text) {
    done = true;
    model = text.isLonger() ? Optional.empty() : Optional.of(text.toString());
  }

  @Override
  public void other() {
    next = false;
  }

  /** The part of a multipart form with the model's name. */
  private final class NamedPart implements MultipartReader.Parts {
    @Override
    public boolean wants(PartHead part) {
      return !done && part.name().equals(MODEL) && part.isPlainText();
    }

    @Override
    public void content(String text, long from, long to) {
      if (!done) {
        done = true;
        model = text.length() > ScannedText.LONGEST ? Optional.empty() : Optional.of(text);
      }
    }

    @Override
    public void tooLong(String begin) {
      done = true;
    }
  }
}
