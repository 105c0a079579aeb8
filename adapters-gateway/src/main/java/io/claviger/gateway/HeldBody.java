package io.claviger.gateway;

import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.request.BodyLength;
import io.claviger.gateway.request.RequestedModel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** A body that is read whole before anything of it leaves: where only some models are lent. */
final class HeldBody {
  private static final int LARGEST = 16 << 20;
  private static final int MOST_PARTS = 1024;

  private final RequestedModel model;
  private final CompositeByteBuf body;

  private HeldBody(RequestedModel model, CompositeByteBuf body) {
    this.model = model;
    this.body = body;
  }

  /**
   * @return null where the body may stream: models are not limited, or there is none
   * @throws CallRefused when the request is for a model that is not allowed, or can't be read for
   *     it
   */
  static @Nullable HeldBody where(
      Passage passage, HttpRequest request, Admission admission, ByteBufAllocator buffers) {
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
        RequestedModel.checkReadable(request.headers());
      }
      return null;
    }
    RequestedModel.checkReadable(request.headers());
    return new HeldBody(model, buffers.compositeBuffer(MOST_PARTS));
  }

  /**
   * @param part taken over
   * @return whether it is small enough yet
   */
  boolean add(ByteBuf part) {
    boolean fits = body.readableBytes() + part.readableBytes() <= LARGEST;
    if (fits) {
      CompositeByteBuf unused = body.addComponent(true, part);
    } else {
      part.release();
    }
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
