/**
 * Seals secrets, chooses the key for a call, administers encryption keys, and admits nodes with
 * their encryption keys.
 */
@NullMarked
package io.claviger.application.keys;

import org.jspecify.annotations.NullMarked;
