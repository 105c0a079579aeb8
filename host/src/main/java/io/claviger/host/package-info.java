/**
 * What a node and its embedded database find on the machine that they run on: the data directory,
 * secrets, database addresses, and the exception that refuses a start.
 */
@NullMarked
package io.claviger.host;

import org.jspecify.annotations.NullMarked;
