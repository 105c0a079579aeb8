/**
 * Borrowers of one key who try to reach what the others have at the provider, by generated
 * requests.
 */
package io.claviger.gateway.strangers;
