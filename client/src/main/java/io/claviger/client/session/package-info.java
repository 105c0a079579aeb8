/** A sign-in in use: its access token is refreshed when it has to be. */
@NullMarked
package io.claviger.client.session;

import org.jspecify.annotations.NullMarked;
