/**
 * Sealing of secrets, the choice of the key that a call uses, the administration of encryption
 * keys, and the admission of nodes with their encryption keys.
 */
package io.claviger.application.keys;
