/** Open WebSockets, and the secrets with which browsers open them. */
@NullMarked
package io.claviger.application.connections;

import org.jspecify.annotations.NullMarked;
