package io.claviger.gateway;

import io.claviger.gateway.provider.ProviderPool;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the calls of one event loop share.
 *
 * @param maxBodyBytes of a request's body
 * @param heldBytes what all bodies that are read before they are sent may take
 * @param bodyReaders finds the models in these bodies
 * @param pool connections to providers, of the same event loop
 * @param draining whether connections end with the call that they serve now
 */
record CallEnvironment(
    AuthorizationContext authorization,
    GatewayEvents events,
    long maxBodyBytes,
    BodyTimeouts bodyTimeouts,
    BufferBudget heldBytes,
    BodyReaders bodyReaders,
    ProviderPool pool,
    AtomicBoolean draining)
    implements IncomingCall.Factory {

  @Override
  public IncomingCall create(CallerConnection caller, HttpRequest request) {
    return new GatewayCall(caller, this, request);
  }
}
