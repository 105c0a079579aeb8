/**
 * Sealing with Tink: the keyring of this node, and the only class that encrypts and decrypts.
 * Storing sealed values is not done here.
 */
@NullMarked
package io.claviger.custody;

import org.jspecify.annotations.NullMarked;
