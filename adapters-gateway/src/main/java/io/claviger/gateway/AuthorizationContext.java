package io.claviger.gateway;

import io.claviger.application.gateway.CallAuthorization;

/**
 * What all authorizations share.
 *
 * @param executor runs what has to ask the database
 * @param maxBodyBytes of a request's body
 */
record AuthorizationContext(
    CallAuthorization authorizeCall, AuthorizationExecutor executor, long maxBodyBytes) {}
