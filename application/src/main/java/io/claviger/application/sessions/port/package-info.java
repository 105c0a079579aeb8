/** What the use cases of sessions need from outside. */
@NullMarked
package io.claviger.application.sessions.port;

import org.jspecify.annotations.NullMarked;
