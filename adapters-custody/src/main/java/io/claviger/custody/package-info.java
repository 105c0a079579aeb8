/**
 * Sealing with Tink: the keyring of this node, and the only class that encrypts and decrypts
 * secrets. Sealed values are stored elsewhere.
 */
package io.claviger.custody;
