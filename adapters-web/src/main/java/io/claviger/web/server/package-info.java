/**
 * The code that all routes share: authentication, request ids, preconditions, pages, query
 * parameters, and the HTTP server.
 */
package io.claviger.web.server;
