package io.claviger.gateway.authorize;

import io.claviger.application.gateway.CallAuthorization;

/**
 * What all authorizations share.
 *
 * @param executor runs what has to ask the database
 * @param maxBodyBytes of a request's body
 */
public record AuthorizationContext(
    CallAuthorization authorizeCall, AuthorizationExecutor executor, long maxBodyBytes) {}
