/**
 * The names by which a provider can distinguish the borrowers of one key. Each name is an HMAC
 * under the service's naming key, so that only the service's owner can find out which caller a name
 * means.
 */
package io.claviger.domain.names;
