/** The sessions of signed-in browsers. How a user signs in is the business of others. */
@NullMarked
package io.claviger.application.sessions;

import org.jspecify.annotations.NullMarked;
