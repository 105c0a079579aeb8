/** The sessions of browsers in which a user is signed in. */
@NullMarked
package io.claviger.domain.sessions;

import org.jspecify.annotations.NullMarked;
