package io.claviger.gateway.in;

import io.claviger.application.shared.LogRate;
import io.claviger.gateway.events.GatewayEvents;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The objects and settings that all callers' connections of one event loop share.
 *
 * @param calls for each request, this factory creates a call
 * @param patience the longest time that a caller may take for the next part of a request, or may
 *     leave the connection idle
 * @param headTime the longest time that a request's head may take from its first byte to its last
 * @param origins the object that finds the origins of requests that came through trusted proxies;
 *     if empty, the address of the connection is the origin of every request
 * @param draining whether each connection has to end after its current call
 * @param warnings the limit on the number of logged warnings about callers who speak another
 *     protocol
 * @param largeReads the limit on the number of large reads in a turn of the event loop
 */
public record CallerContext(
    IncomingCall.Factory calls,
    OpenConnections connections,
    GatewayEvents events,
    Duration patience,
    Duration headTime,
    Optional<RequestOrigins> origins,
    AtomicBoolean draining,
    LogRate warnings,
    LargeReads largeReads) {}
