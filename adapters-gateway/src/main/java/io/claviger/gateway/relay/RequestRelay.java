package io.claviger.gateway.relay;

import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.ChunkedFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to the provider. The relay keeps the beginning of the body in memory until the
 * head has been sent, because a pooled connection might be dead. If the connection is dead, the
 * request is sent on another connection.
 */
// the listener of the head's future reports all failures
@SuppressWarnings("FutureReturnValueIgnored")
public final class RequestRelay {
  private final RequestHead head;
  private final BodyLength length;
  private final Optional<FormFilter> form;
  private final ByteBufAllocator buffers;
  private final List<ByteBuf> unconfirmed = new ArrayList<>(2);

  /**
   * The bytes of the head. A small body can be appended to these bytes, because one write costs
   * less than two writes.
   */
  private @Nullable ByteBuf open;

  private Runnable onDead = () -> {};
  private boolean headLeft;
  private boolean complete;
  private long bodyBytes;

  private RequestRelay(
      RequestHead head, BodyLength length, Optional<FormFilter> form, ByteBufAllocator buffers) {
    this.head = head;
    this.length = length;
    this.form = form;
    this.buffers = buffers;
  }

  /**
   * @param length the length of the body as it will be sent, without the key in a form
   * @throws CallRefused if the key has to be sent as a field of a form, but the body is no form
   */
  public static RequestRelay of(RequestHead head, BodyLength length, ByteBufAllocator buffers) {
    Optional<FormFilter> form = head.formFilter(buffers);
    return new RequestRelay(head, form.isPresent() ? BodyLength.CHUNKED : length, form, buffers);
  }

  /**
   * Writes the head and the kept parts of the body. Nothing is sent before {@link #flush}.
   *
   * @param onDead an action that is called if the head could not be sent because the connection is
   *     dead
   */
  public void start(ProviderConnection connection, Runnable onDead) {
    this.onDead = onDead;
    bodyBytes = 0;
    open = head.write(length, buffers);
    List<ByteBuf> again = new ArrayList<>(unconfirmed.size());
    unconfirmed.forEach(part -> again.add(part.retainedDuplicate()));
    again.forEach(part -> send(connection, part));
    if (complete) {
      finish(connection);
    }
  }

  public void flush(ProviderConnection connection) {
    writeHead(connection);
    connection.flush();
  }

  /**
   * Sends everything that has been written.
   *
   * @param sent an action that is called after the operating system has accepted all written bytes
   */
  void flush(ProviderConnection connection, Runnable sent) {
    ByteBuf whole = open;
    if (whole == null) {
      connection.write(Unpooled.EMPTY_BUFFER).addListener(written -> tell(sent, written));
    } else {
      open = null;
      writeHead(connection, whole, sent);
    }
    connection.flush();
  }

  private static void tell(Runnable sent, Future<?> written) {
    if (written.isSuccess()) {
      sent.run();
    }
  }

  private void writeHead(ProviderConnection connection) {
    ByteBuf bytes = open;
    if (bytes != null) {
      open = null;
      writeHead(connection, bytes, () -> {});
    }
  }

  private void writeHead(ProviderConnection connection, ByteBuf bytes, Runnable sent) {
    bytes.retain();
    connection
        .write(bytes)
        .addListener(
            written -> {
              wipe(bytes);
              if (written.isSuccess()) {
                headLeft = true;
                forget();
                sent.run();
              } else {
                onDead.run();
              }
            });
  }

  /** Erases bytes after they have been sent, because they contain the key. */
  private static void wipe(ByteBuf bytes) {
    bytes.setZero(0, bytes.writerIndex()).release();
  }

  /**
   * @param part the next part of the body; the callee has to release it
   */
  void body(ProviderConnection connection, ByteBuf part) {
    pass(connection, form.isPresent() ? form.get().pass(part) : part);
  }

  public void end(ProviderConnection connection) {
    if (form.isPresent()) {
      pass(connection, form.get().end());
    }
    complete = true;
    finish(connection);
  }

  private void pass(ProviderConnection connection, ByteBuf part) {
    if (!headLeft) {
      unconfirmed.add(part.retainedDuplicate());
    }
    send(connection, part);
  }

  /** Releases the kept parts of the body. */
  public void forget() {
    unconfirmed.forEach(ByteBuf::release);
    unconfirmed.clear();
    if (open != null) {
      wipe(open);
      open = null;
    }
  }

  private void send(ProviderConnection connection, ByteBuf part) {
    bodyBytes += part.readableBytes();
    if (length.isChunked()) {
      writeHead(connection);
      ChunkedFraming.chunk(buffers, part, connection::write);
    } else if (open != null && part.readableBytes() <= open.maxFastWritableBytes()) {
      open.writeBytes(part);
      part.release();
    } else {
      writeHead(connection);
      connection.write(part);
    }
  }

  private void finish(ProviderConnection connection) {
    if (length.isChunked()) {
      writeHead(connection);
      connection.write(ChunkedFraming.end());
    } else if (bodyBytes != length.bytes()) { // the provider expects another end of the body
      connection.useOnce();
    }
    connection.requestComplete();
  }
}
