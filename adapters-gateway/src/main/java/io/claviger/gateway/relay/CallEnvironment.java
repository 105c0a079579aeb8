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
 * The things that the calls of one event loop share.
 *
 * @param maxBodyBytes the largest body of a request
 * @param maxUploadBytes the largest body of a request that uploads a file to be stored
 * @param bufferBudget how many bytes all buffered bodies together may take
 * @param bodyReaders finds the models that buffered bodies request
 * @param objects the ledger of the objects that calls leave at providers
 * @param pool the connections to providers of the same event loop
 * @param cooldowns the cooldowns of all calls of this node
 * @param links makes links to the page on which refused callers can request what they lack
 * @param origins the origins of web pages whose scripts may call
 * @param rootPaths whether calls of paths at the root are forwarded according to {@link
 *     io.claviger.gateway.head.RootPaths}
 * @param reasons whether a model, when called at an endpoint, is known to reason before it answers
 * @param turns lets calls go out at the pace that their providers allow
 * @param estimates how much of that pace calls are expected to use up
 * @param conversations the room in memory that all WebSockets of this node share
 * @param leaving whether connections are closed after the answers to calls that begin now
 * @param draining whether the gateway is about to close, so that no call may wait any more
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
