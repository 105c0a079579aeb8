/** Registering a service: with a definition in three fields, or with settings of its own. */
@NullMarked
package io.claviger.console.registering;

import org.jspecify.annotations.NullMarked;
