/**
 * Sealing: what use cases ask of custody, and how a node is admitted with the encryption keys it
 * holds.
 */
@NullMarked
package io.claviger.application.keys;

import org.jspecify.annotations.NullMarked;
