package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all calls share.
 *
 * @param questions asks the database whether calls may be made
 * @param bodyReaders reads the bodies that are held for their model
 * @param underWay the calls of each event loop
 * @param draining whether connections end with the call that is under way
 */
record CallEnvironment(
    AuthorizeCall authorizeCall,
    AuthorizationExecutor questions,
    GatewayEvents events,
    GatewaySettings settings,
    Map<EventExecutor, ActiveCalls> underWay,
    BufferBudget heldBytes,
    BodyReaders bodyReaders,
    AtomicBoolean draining) {

  /** The calls under way on the event loop of a caller's connection. */
  ActiveCalls underWay(Channel caller) {
    return Objects.requireNonNull(underWay.get(caller.eventLoop()));
  }
}
