package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderRequests;
import io.claviger.domain.formats.ObjectRemoval;
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
  public CompletableFuture<Integer> send(
      AuthorizedCall call, ObjectRemoval.Request request, Duration limit) {
    ProbeRequest sent =
        new ProbeRequest(
            HttpMethod.valueOf(request.method()),
            request.path(),
            "",
            call.standard().format().api().storageHeaders());
    return probe.send(new Request(call, sent, limit));
  }

  /** One request, which ends after the answer's head. */
  private static final class Request extends ProviderCall<Integer> {
    Request(AuthorizedCall authorized, ProbeRequest request, Duration limit) {
      super(authorized, request, limit);
    }

    @Override
    public void answered(HttpResponse head) {
      end(head.status().code());
    }

    @Override
    public void content(ByteBuf content) {
      content.release();
    }

    @Override
    public void answerEnded() {}

    @Override
    protected void giveUp() {
      end(NO_ANSWER);
    }
  }
}
