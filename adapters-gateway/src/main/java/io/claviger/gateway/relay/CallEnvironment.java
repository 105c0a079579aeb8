package io.claviger.gateway.relay;

import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.capacity.PaceEstimates;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.requests.RequestLinks;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.authorize.AuthorizationContext;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.BufferBudget;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.wire.BodyTimeouts;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;

/**
 * The objects and settings that all calls of one event loop share.
 *
 * @param maxBodyBytes the size, in bytes, of the largest body that a request may have
 * @param maxUploadBytes the size, in bytes, of the largest body that a request may have if it
 *     uploads a file to be stored
 * @param bufferBudget how many bytes all buffered bodies together may occupy
 * @param bodyReaders reads buffered bodies, to find the models that they request
 * @param objects the ledger, which records the objects that calls leave at providers
 * @param pool the connections to providers that belong to the same event loop
 * @param cooldowns the targets of this node that must not be called for a while, because calls to
 *     them have failed
 * @param links makes links to the page on which refused callers can request the access or limits
 *     that they lack
 * @param origins the origins of web pages whose scripts may call the gateway
 * @param rootPaths whether calls whose paths are at the root are forwarded according to {@link
 *     io.claviger.gateway.head.RootPaths}
 * @param reasons tells whether a model that is called at an endpoint is known to reason before it
 *     answers
 * @param turns sends calls to providers at the pace that their providers allow
 * @param estimates estimates how much of the provider's limits each call will use
 * @param conversations the memory and connections that all WebSockets of this node have together
 * @param leaving whether, for each call that begins from now on, the connection is closed after the
 *     answer
 * @param draining whether the gateway is about to close, so that calls must not wait any longer
 */
public record CallEnvironment(
    AuthorizationContext authorization,
    GatewayEvents events,
    long maxBodyBytes,
    long maxUploadBytes,
    BodyTimeouts bodyTimeouts,
    BufferBudget bufferBudget,
    BodyReaders bodyReaders,
    HeldObjects objects,
    ProviderPool pool,
    TargetCooldowns cooldowns,
    RequestLinks links,
    AllowedOrigins origins,
    boolean rootPaths,
    BiPredicate<Endpoint, String> reasons,
    CapacityTurns turns,
    PaceEstimates estimates,
    ConversationRoom conversations,
    AtomicBoolean leaving,
    AtomicBoolean draining) {}
