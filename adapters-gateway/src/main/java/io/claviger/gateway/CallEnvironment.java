package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all calls share.
 *
 * @param blocking runs what may block, such as the authorization
 * @param draining whether connections end with the call that is under way
 */
record CallEnvironment(
    AuthorizeCall authorizeCall,
    Executor blocking,
    GatewayEvents events,
    GatewaySettings settings,
    AtomicBoolean draining) {}
