/**
 * Decides to which services the name of a model leads for a caller. Other code decides whether a
 * call to that service is allowed, in the same way as for all other calls.
 */
package io.claviger.domain.routing;
