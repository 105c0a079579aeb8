/** Browser sessions: their secrets, their ends, and how somebody signed in. */
@NullMarked
package io.claviger.domain.sessions;

import org.jspecify.annotations.NullMarked;
