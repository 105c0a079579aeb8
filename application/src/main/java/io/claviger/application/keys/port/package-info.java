/**
 * What keys need from other modules: stored values, encryption, and the lists of nodes and
 * encryption keys.
 */
@NullMarked
package io.claviger.application.keys.port;

import org.jspecify.annotations.NullMarked;
