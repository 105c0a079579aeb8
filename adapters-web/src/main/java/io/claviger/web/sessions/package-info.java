/** HTTP routes for the browsers in which a user is signed in. */
@NullMarked
package io.claviger.web.sessions;

import org.jspecify.annotations.NullMarked;
