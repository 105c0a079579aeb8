/**
 * Sealing with Tink: the keyring of this node and the one class that turns text into ciphertext and
 * back. Where sealed values are kept is not here.
 */
@NullMarked
package io.claviger.custody;

import org.jspecify.annotations.NullMarked;
