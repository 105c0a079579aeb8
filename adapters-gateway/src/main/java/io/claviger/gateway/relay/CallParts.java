package io.claviger.gateway.relay;

import io.claviger.gateway.in.CallerConnection;

/**
 * The parts of one call that do not depend on how its service was found.
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
