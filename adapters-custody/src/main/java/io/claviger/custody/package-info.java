/**
 * Seals secrets with Tink. Contains this node's keyring, and the only class that encrypts and
 * decrypts secrets. Another module stores the sealed values.
 */
package io.claviger.custody;
