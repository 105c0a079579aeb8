/** The commands for people, which talk to a server over its API. */
@NullMarked
package io.claviger.client;

import org.jspecify.annotations.NullMarked;
