package io.claviger.gateway.relay;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.standards.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.handler.codec.http.HttpResponse;

/**
 * The body of an error. The body is buffered until the gateway knows whether the provider rejected
 * the key.
 */
public final class BufferedErrorBody {
  private static final int ENOUGH = 64 << 10;

  private final WireFormat format;
  private final HttpResponse head;
  private final ByteBuf body;

  public BufferedErrorBody(WireFormat format, HttpResponse head, ByteBufAllocator buffers) {
    this.format = format;
    this.head = head;
    this.body = buffers.ioBuffer(1024);
  }

  /**
   * @param part the next part; the callee has to release it
   * @return whether the body so far is enough to know whether the provider rejected the key
   */
  public boolean collect(ByteBuf part) {
    body.writeBytes(part);
    part.release();
    return body.readableBytes() >= ENOUGH;
  }

  /** Whether the complete body says that the provider rejected the key. */
  public boolean isRejection() {
    return reading().meaning() == ErrorMeaning.KEY_INVALID;
  }

  /** The meaning of the complete body; unknown while the body is incomplete. */
  ErrorReader.Reading reading() {
    return ErrorReader.read(format, new ByteBufInputStream(body.duplicate()));
  }

  boolean isEmpty() {
    return !body.isReadable();
  }

  public HttpResponse head() {
    return head;
  }

  /** Returns the body, which the receiver has to release. */
  public ByteBuf body() {
    return body;
  }

  public void close() {
    body.release();
  }
}
