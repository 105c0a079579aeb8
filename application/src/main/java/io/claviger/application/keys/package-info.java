/**
 * Sealing of secrets, the choice of the key that a call uses, the administration of encryption
 * keys, and the admission of nodes with the encryption keys they hold.
 */
package io.claviger.application.keys;
