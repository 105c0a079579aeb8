package io.claviger.gateway;

import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallError;
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
  private final HeldBytes budget;
  private final long largest;

  /** Parts are copied: to keep them would keep whole buffers for a few bytes of each. */
  private final ByteBuf body;

  private long budgeted;
  private boolean taken;

  private HeldBody(RequestedModel model, HeldBytes budget, long largest, ByteBuf body) {
    this.model = model;
    this.budget = budget;
    this.largest = largest;
    this.body = body;
  }

  /**
   * @param budget of all bodies together
   * @param mostBytes of any request's body
   * @return null where the body may stream: models are not limited, or there is none to be read
   * @throws CallRefused when the request is for a model that is not allowed, or can't be read for
   *     it
   */
  static @Nullable HeldBody where(
      Passage passage,
      HttpRequest request,
      Admission admission,
      HeldBytes budget,
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
    return new HeldBody(model, budget, Math.min(LARGEST, mostBytes), buffers.buffer(USUAL));
  }

  /**
   * @param part taken over
   * @throws CallRefused when it is too much, for this call or together with all others
   */
  void add(ByteBuf part) {
    try {
      int bytes = part.readableBytes();
      if (body.readableBytes() + bytes > largest) {
        throw new CallRefused(CallError.BODY_TOO_LARGE);
      }
      if (!budget.take(bytes)) {
        throw new CallRefused(CallError.SERVICE_UNAVAILABLE);
      }
      budgeted += bytes;
      body.writeBytes(part);
    } finally {
      part.release();
    }
  }

  /**
   * @throws CallRefused when it does not name one allowed model
   */
  void check() {
    model.checkBody(body);
  }

  boolean isTaken() {
    return taken;
  }

  /** The whole body, for the receiver to release. */
  ByteBuf take() {
    taken = true;
    return body;
  }

  /** The call is over. */
  void close() {
    budget.give(budgeted);
    if (!taken) {
      body.release();
    }
  }
}
