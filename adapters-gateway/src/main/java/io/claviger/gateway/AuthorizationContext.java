package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall;

/**
 * What all authorizations share.
 *
 * @param executor runs what has to ask the database
 * @param maxBodyBytes of a request's body
 */
record AuthorizationContext(
    AuthorizeCall authorizeCall, AuthorizationExecutor executor, long maxBodyBytes) {}
