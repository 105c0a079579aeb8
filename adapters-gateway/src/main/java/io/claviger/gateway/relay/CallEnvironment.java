package io.claviger.gateway.relay;

import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.capacity.PaceEstimates;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.requests.RequestLinks;
import io.claviger.gateway.authorize.AuthorizationContext;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.gateway.head.BodySizes;
import io.claviger.gateway.model.BodyBuffering;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.IncludedReasoning;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.wire.BodyTimeouts;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The objects and settings that all calls of one event loop share.
 *
 * @param bodySizes the maximum sizes of the bodies of requests
 * @param buffering the object that buffers bodies, within the limits of memory for all bodies
 * @param bodyReaders the object that reads buffered bodies on threads other than the event loops
 * @param objects the ledger, in which the gateway records the objects that calls leave at providers
 * @param pool the connections to providers on the same event loop
 * @param cooldowns the targets that this node must not call for a while, because calls to them have
 *     failed
 * @param links the maker of links to the page on which a refused caller can request access or
 *     higher limits
 * @param origins the origins of web pages whose scripts may call the gateway
 * @param rootPaths whether calls with paths at the root are mapped according to {@link
 *     io.claviger.gateway.head.RootPaths}
 * @param reasoning the object that decides for which models the gateway requests the reasoning
 * @param turns the scheduler that sends calls to providers at the pace that the providers allow
 * @param estimates the estimator, which says how much of a provider's limits a call will probably
 *     use
 * @param conversations the shared memory and connections of all WebSockets of this node
 * @param leaving whether the gateway is stopping: it closes the connection of each new call after
 *     the answer
 * @param draining whether the gateway is about to stop, so that calls must no longer wait
 */
public record CallEnvironment(
    AuthorizationContext authorization,
    GatewayEvents events,
    BodySizes bodySizes,
    BodyTimeouts bodyTimeouts,
    BodyBuffering buffering,
    BodyReaders bodyReaders,
    HeldObjects objects,
    ProviderPool pool,
    TargetCooldowns cooldowns,
    RequestLinks links,
    AllowedOrigins origins,
    boolean rootPaths,
    IncludedReasoning reasoning,
    CapacityTurns turns,
    PaceEstimates estimates,
    ConversationRoom conversations,
    AtomicBoolean leaving,
    AtomicBoolean draining) {}
