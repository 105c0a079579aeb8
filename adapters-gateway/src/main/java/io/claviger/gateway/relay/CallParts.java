package io.claviger.gateway.relay;

/** The parts of one call that are the same however it finds its service. */
record CallParts(
    CallHeaders headers,
    CallRecord record,
    CallPermission permission,
    RequestBody body,
    ProviderExchange provider) {}
