package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderRequests;
import io.claviger.gateway.relay.ResponsePolicy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes requests for Claviger's own purposes, on the event loop and connections of the probes. */
public final class OutboundRequests implements ProviderRequests {
  private final OutboundProbe probe;

  public OutboundRequests(OutboundProbe probe) {
    this.probe = probe;
  }

  @Override
  public CompletableFuture<ProviderAnswer> send(
      AuthorizedCall call, ProviderRequest request, Duration limit) {
    ProbeRequest sent =
        new ProbeRequest(
            HttpMethod.valueOf(request.method()),
            request.path(),
            request.query(),
            call.standard().format().api().storageHeaders());
    return probe.send(new Request(call, sent, limit, request.mostBytes()));
  }

  /** One request. If nobody wants the body, a request ends after the answer's head. */
  private static final class Request extends ProviderCall<ProviderAnswer> {
    private final int mostBytes;
    private final HeldBody body;
    private int status;

    Request(AuthorizedCall authorized, ProbeRequest request, Duration limit, int mostBytes) {
      super(authorized, request, limit);
      this.mostBytes = mostBytes;
      this.body = new HeldBody(mostBytes);
    }

    @Override
    public void answered(HttpResponse head) {
      status = head.status().code();
      if (mostBytes == 0) {
        answer(false);
      } else if (ResponsePolicy.errorInstead(head).isPresent()) {
        giveUp();
      }
    }

    @Override
    public void content(ByteBuf content) {
      if (!body.add(content)) {
        answer(true);
      }
    }

    private void answer(boolean isCut) {
      end(new ProviderAnswer(status, body.bytes(), isCut));
    }

    @Override
    public void answerEnded() {
      answer(false);
    }

    @Override
    protected void giveUp() {
      end(ProviderAnswer.NONE);
    }
  }
}
