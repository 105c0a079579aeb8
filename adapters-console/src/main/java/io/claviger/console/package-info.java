/**
 * The console: pages on which people can do what the API can do. They are on the port of the API.
 */
@NullMarked
package io.claviger.console;

import org.jspecify.annotations.NullMarked;
