/** Default services: each user's choice, and that of {@code _system} behind it. */
@NullMarked
package io.claviger.application.defaults;

import org.jspecify.annotations.NullMarked;
