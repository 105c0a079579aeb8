/**
 * Decides to which services the name of a model leads for a caller. Other code decides whether a
 * call to that service is allowed, as for any other call.
 */
package io.claviger.domain.routing;
