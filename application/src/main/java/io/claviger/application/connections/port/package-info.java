/** What connections need from other modules: their stored rows and secrets. */
@NullMarked
package io.claviger.application.connections.port;

import org.jspecify.annotations.NullMarked;
