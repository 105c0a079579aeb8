package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.out.OutboundCall;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.relay.RequestHead;
import io.claviger.gateway.relay.RequestRelay;
import io.claviger.gateway.relay.ResponsePolicy;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call without a body that Claviger makes to a provider for its own purposes.
 *
 * @param <R> the result of the call
 */
abstract class ProviderCall<R> extends OutboundCall<R> {
  private final AuthorizedCall authorized;
  private final ProbeRequest request;
  private @Nullable RequestRelay upload;

  ProviderCall(AuthorizedCall authorized, ProbeRequest request, Duration limit) {
    super(ProviderAddress.of(authorized), authorized.owner(), limit);
    this.authorized = authorized;
    this.request = request;
  }

  @Override
  protected final void send(ProviderConnection opened) {
    HttpRequest head = request.request(authorized);
    RequestRelay relay =
        RequestRelay.of(
            new RequestHead(head, authorized, request.path(), request.query(), false),
            BodyLength.of(head),
            OutboundTransport.BUFFERS);
    upload = relay;
    relay.start(opened, this::broken);
    relay.end(opened);
    relay.flush(opened);
  }

  /**
   * Continues only after an answer with status 200 that the gateway would also forward to a caller.
   */
  @Override
  public void answered(HttpResponse head) {
    if (head.status().code() != 200 || !isForwardable(head)) {
      giveUp();
    }
  }

  /** Whether the gateway would forward the answer to a caller. */
  final boolean isForwardable(HttpResponse head) {
    return ResponsePolicy.errorInstead(head, authorized.standard().format()).isEmpty();
  }

  @Override
  protected void letGo() {
    super.letGo();
    if (upload != null) {
      upload.forget();
    }
  }
}
