/**
 * What all routes have in common: authentication, request ids, preconditions, pages, query
 * parameters, and the HTTP server.
 */
@NullMarked
package io.claviger.web.server;

import org.jspecify.annotations.NullMarked;
