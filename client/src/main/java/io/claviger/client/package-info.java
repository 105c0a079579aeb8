/** The commands for people: they talk to a server elsewhere, over its API. */
@NullMarked
package io.claviger.client;

import org.jspecify.annotations.NullMarked;
