/**
 * Decides to which services the name of a model leads a caller. Whether a call to such a service is
 * allowed is decided as for any other call.
 */
package io.claviger.domain.routing;
