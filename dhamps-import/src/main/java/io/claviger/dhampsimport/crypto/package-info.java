/** Decrypts the provider keys that dhamps-vdb stored. */
@NullMarked
package io.claviger.dhampsimport.crypto;

import org.jspecify.annotations.NullMarked;
