/**
 * The names by which a provider tells the borrowers of one key apart. Each is an HMAC under the
 * naming key of the service, so that only the owner of the service learns who is meant.
 */
package io.claviger.domain.names;
