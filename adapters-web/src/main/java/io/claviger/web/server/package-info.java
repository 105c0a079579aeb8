/**
 * What all routes share: who calls, request ids, preconditions, pages, query parameters, and the
 * HTTP server they run on.
 */
@NullMarked
package io.claviger.web.server;

import org.jspecify.annotations.NullMarked;
