/**
 * Sealing with Tink: the keyring of this node, and the only class that encrypts and decrypts
 * secrets. Another module stores the sealed values.
 */
package io.claviger.custody;
