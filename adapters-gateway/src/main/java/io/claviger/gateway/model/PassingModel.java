package io.claviger.gateway.model;

import io.claviger.domain.standards.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * Finds the model that a call asks for while its body passes, for the usage. It is found in the
 * path, or in the first {@value #MOST} bytes of a body in JSON. Nothing is decided by it: a body
 * that names two models counts for the first one.
 */
public final class PassingModel implements JsonEvents {
  static final int MOST = 64 << 10;

  /** Most bodies name the model first, and what follows is not read. */
  private static final int READ_AT_ONCE = 128;

  private final JsonScanner scanner = new JsonScanner(this, ScannedText.LONGEST);
  private Optional<String> model;
  private boolean done;
  private int read;
  private int depth;
  private boolean next;

  private PassingModel(Optional<String> model, boolean done) {
    this.model = model;
    this.done = done;
  }

  /**
   * @param path below the service
   */
  public static PassingModel of(WireFormat format, String path, HttpRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      return new PassingModel(Optional.empty(), true);
    }
    Optional<String> inPath = RequestedModel.inPath(format, path);
    boolean unread = inPath.isPresent() || !RequestedModel.isPlainJson(request.headers());
    return new PassingModel(inPath, unread);
  }

  /**
   * @param part of the body; not changed
   */
  public void read(ByteBuf part) {
    int at = part.readerIndex();
    while (!done && at < part.writerIndex()) {
      byte[] bytes = new byte[Math.min(READ_AT_ONCE, part.writerIndex() - at)];
      part.getBytes(at, bytes);
      at += bytes.length;
      read += bytes.length;
      try {
        scanner.read(bytes, 0, bytes.length);
      } catch (MalformedJson e) {
        done = true;
      }
      done |= read >= MOST;
    }
  }

  /** The model, as far as it was found. */
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
    next = depth == 1 && name.toString().equals("model");
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
}
