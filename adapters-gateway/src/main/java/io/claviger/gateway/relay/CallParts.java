package io.claviger.gateway.relay;

import io.claviger.gateway.in.CallerConnection;

/**
 * The parts of one call that are the same however it finds its service.
 *
 * @param caller the caller's connection
 * @param response what the caller gets
 */
record CallParts(
    CallEnvironment environment,
    RequestedCall requested,
    CallerConnection caller,
    CallHeaders headers,
    CallRecord record,
    CallPermission permission,
    RequestBody body,
    ProviderExchange provider,
    CallerResponse response) {}
