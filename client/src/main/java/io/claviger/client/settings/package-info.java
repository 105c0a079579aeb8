/** Sign-ins kept in the user's settings directory. */
@NullMarked
package io.claviger.client.settings;

import org.jspecify.annotations.NullMarked;
