package io.claviger.gateway.relay;

import io.netty.channel.Channel;

/**
 * The parts of one call that are the same however it finds its service.
 *
 * @param caller the caller's connection
 */
record CallParts(
    CallEnvironment environment,
    RequestedCall requested,
    Channel caller,
    CallHeaders headers,
    CallRecord record,
    CallPermission permission,
    RequestBody body,
    ProviderExchange provider) {}
