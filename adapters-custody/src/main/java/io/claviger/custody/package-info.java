/**
 * Seals secrets with Tink. Contains this node's keyring, and the only class that encrypts and
 * decrypts secrets. Another module stores the sealed values.
 */
@NullMarked
package io.claviger.custody;

import org.jspecify.annotations.NullMarked;
