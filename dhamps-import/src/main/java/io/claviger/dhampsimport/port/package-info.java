/** The import's out-ports: the source database, its decryption, and the store for imported rows. */
@NullMarked
package io.claviger.dhampsimport.port;

import org.jspecify.annotations.NullMarked;
