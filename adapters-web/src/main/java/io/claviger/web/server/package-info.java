/**
 * What all routes have in common: authentication, request ids, preconditions, pages, query
 * parameters, and the HTTP server.
 */
package io.claviger.web.server;
