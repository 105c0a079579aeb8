/**
 * Decides to which services a model's name leads for a caller. Other code decides whether the
 * caller may call such a service, as for all other calls.
 */
package io.claviger.domain.routing;
