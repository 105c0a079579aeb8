package io.claviger.gateway;

import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.provider.ProviderConnection;
import io.claviger.gateway.request.BodyLength;
import io.claviger.gateway.request.FormFilter;
import io.claviger.gateway.request.QueryFilter;
import io.claviger.gateway.request.RequestHead;
import io.claviger.gateway.wire.ChunkedFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a request to the provider. Until its head has left, what follows is kept: a connection from
 * the pool may turn out to be dead, and what was not sent can be sent again on another.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the head's future is listened to, others end in it
final class Upload {
  private final RequestHead head;
  private final boolean chunked;
  private final Optional<FormFilter> form;
  private final ByteBufAllocator buffers;
  private final List<ByteBuf> unconfirmed = new ArrayList<>(2);

  private boolean headLeft;
  private boolean complete;

  private Upload(
      RequestHead head, boolean chunked, Optional<FormFilter> form, ByteBufAllocator buffers) {
    this.head = head;
    this.chunked = chunked;
    this.form = form;
    this.buffers = buffers;
  }

  /**
   * The way out for a caller's request.
   *
   * @throws CallRefused when it can't go out as it is
   */
  static Upload of(
      HttpRequest request, Passage passage, Admission admission, ByteBufAllocator buffers) {
    return of(
        request,
        passage,
        admission.target().below(),
        QueryFilter.passing(admission.target().query(), passage.standard().queryParameters()),
        admission.credential().asBearer(),
        buffers);
  }

  /**
   * The way out for a request to a path below the service.
   *
   * @param query as it goes out, the key's part aside
   * @throws CallRefused when it can't go out as it is
   */
  static Upload of(
      HttpRequest request,
      Passage passage,
      String path,
      String query,
      boolean tokenAsBearer,
      ByteBufAllocator buffers) {
    boolean inForm = RequestHead.keyInForm(passage);
    if (inForm && !FormFilter.reads(request.headers())) {
      throw new CallRefused(CallError.BODY_NOT_A_FORM);
    }
    BodyLength length = inForm ? BodyLength.CHUNKED : BodyLength.of(request.headers());
    RequestHead head = new RequestHead(request, passage, path, query, length, tokenAsBearer);
    Optional<FormFilter> form =
        inForm
            ? Optional.of(new FormFilter(passage.standard().placement().field(), buffers))
            : Optional.empty();
    return new Upload(head, length.isChunked(), form, buffers);
  }

  /**
   * Sends the head, and again what was kept.
   *
   * @param onDead told when the head could not be sent
   */
  void start(ProviderConnection connection, Runnable onDead) {
    List<ByteBuf> again = unconfirmed.stream().map(ByteBuf::retainedDuplicate).toList();
    ByteBuf bytes = head.write(buffers);
    bytes.retain();
    connection
        .write(bytes)
        .addListener(
            written -> {
              bytes.setZero(0, bytes.capacity()); // it held the key
              bytes.release();
              if (written.isSuccess()) {
                headLeft = true;
                forget();
              } else {
                onDead.run();
              }
            });
    again.forEach(part -> send(connection, part));
    if (complete) {
      finish(connection);
    }
  }

  /**
   * @param part taken over
   */
  void body(ProviderConnection connection, ByteBuf part) {
    pass(connection, form.isPresent() ? form.get().pass(part) : part);
  }

  void end(ProviderConnection connection) {
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

  /** Lets go of what was kept; the call is over. */
  void forget() {
    unconfirmed.forEach(ByteBuf::release);
    unconfirmed.clear();
  }

  private void send(ProviderConnection connection, ByteBuf part) {
    if (chunked) {
      ChunkedFraming.chunk(buffers, part, connection::write);
    } else {
      connection.write(part);
    }
  }

  private void finish(ProviderConnection connection) {
    if (chunked) {
      connection.write(ChunkedFraming.end());
    }
    connection.requestComplete();
  }
}
