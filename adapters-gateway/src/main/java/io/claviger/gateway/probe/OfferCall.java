package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.relay.ResponsePolicy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A call for one page of a provider's list of models. The result is empty when there is no such
 * page. Confined to its event loop.
 */
final class OfferCall extends OutboundCall<Optional<OfferCall.OfferBody>> {
  /**
   * The body of the answer.
   *
   * @param bytes the bytes, in memory, to be read once
   * @param length the number of bytes
   * @param isCut whether the answer was longer
   */
  record OfferBody(InputStream bytes, int length, boolean isCut) {}

  private final int mostBytes;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean usable;

  OfferCall(
      AuthorizedCall authorized,
      ProbeRequest request,
      Duration limit,
      int mostBytes,
      ProviderPool connections) {
    super(authorized, request, limit, connections);
    this.mostBytes = mostBytes;
  }

  @Override
  public void refused(CallError why) {
    giveUp();
  }

  @Override
  public void answered(HttpResponse head) {
    usable = head.status().code() == 200 && ResponsePolicy.errorInstead(head).isEmpty();
    if (!usable) {
      giveUp();
    }
  }

  @Override
  public void content(ByteBuf content) {
    try {
      int taken = Math.min(content.readableBytes(), mostBytes - body.size());
      byte[] bytes = new byte[taken];
      content.readBytes(bytes);
      body.writeBytes(bytes);
      if (content.isReadable()) {
        end(Optional.of(received(true)));
      }
    } finally {
      content.release();
    }
  }

  private OfferBody received(boolean isCut) {
    return new OfferBody(new ByteArrayInputStream(body.toByteArray()), body.size(), isCut);
  }

  @Override
  public void answerEnded() {
    if (usable) {
      end(Optional.of(received(false)));
    }
  }

  @Override
  public void silent() {
    giveUp();
  }

  @Override
  public void broken() {
    giveUp();
  }

  @Override
  public void malformed() {
    giveUp();
  }

  @Override
  void giveUp() {
    end(Optional.empty());
  }

  @Override
  public void failed(Throwable why) {
    giveUp();
  }
}
