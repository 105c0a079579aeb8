/**
 * The parts that a node and its embedded database share: the data directory, secrets, database
 * addresses, and the exception for refused starts.
 */
@NullMarked
package io.claviger.host;

import org.jspecify.annotations.NullMarked;
