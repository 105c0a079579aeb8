package io.claviger.gateway;

import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.request.BodyLength;
import io.claviger.gateway.request.RequestedModel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** A body that is read whole before anything of it leaves: where only some models are lent. */
final class HeldBody {
  private static final int LARGEST = 16 << 20;
  private static final int USUAL = 4 << 10;

  private final RequestedModel model;
  private final long largest;

  /** Parts are copied: to keep them would keep whole buffers for a few bytes of each. */
  private final ByteBuf body;

  private HeldBody(RequestedModel model, long largest, ByteBuf body) {
    this.model = model;
    this.largest = largest;
    this.body = body;
  }

  /**
   * @param mostBytes of any request's body
   * @return null where the body may stream: models are not limited, or there is none to be read
   * @throws CallRefused when the request is for a model that is not allowed, or can't be read for
   *     it
   */
  static @Nullable HeldBody where(
      Passage passage,
      HttpRequest request,
      Admission admission,
      long mostBytes,
      ByteBufAllocator buffers) {
    if (passage.models().isEmpty()) {
      return null;
    }
    RequestedModel model =
        new RequestedModel(
            passage.models().get(), passage.standard().format(), admission.target().below());
    model.checkPath();
    BodyLength length = BodyLength.of(request.headers());
    if (!length.isChunked() && length.bytes() == 0) {
      if (!request.method().name().equals("GET")) {
        model.checkBody(Unpooled.EMPTY_BUFFER);
      }
      return null;
    }
    RequestedModel.checkReadable(request.headers());
    return new HeldBody(model, Math.min(LARGEST, mostBytes), buffers.buffer(USUAL));
  }

  /**
   * @param part taken over
   * @return whether it is small enough yet
   */
  boolean add(ByteBuf part) {
    boolean fits = body.readableBytes() + part.readableBytes() <= largest;
    if (fits) {
      body.writeBytes(part);
    }
    part.release();
    return fits;
  }

  /**
   * @throws CallRefused when it does not name one allowed model
   */
  void check() {
    model.checkBody(body);
  }

  /** The whole body, for the receiver to release. */
  ByteBuf take() {
    return body;
  }

  void close() {
    body.release();
  }
}
