/** Finds the services to which the name of a model leads a caller. */
@NullMarked
package io.claviger.application.routing;

import org.jspecify.annotations.NullMarked;
