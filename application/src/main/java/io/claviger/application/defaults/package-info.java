/** The services that users have chosen as their default. */
@NullMarked
package io.claviger.application.defaults;

import org.jspecify.annotations.NullMarked;
