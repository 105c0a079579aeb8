/**
 * Decides to which services the name of a model leads for a caller. Whether a call to such a
 * service is allowed is decided as for any other call.
 */
package io.claviger.domain.routing;
