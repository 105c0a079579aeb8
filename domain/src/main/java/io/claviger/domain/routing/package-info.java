/**
 * To which services the name of a model leads a caller. It names services and models; whether a
 * call to one of them passes is decided as for any other call.
 */
@NullMarked
package io.claviger.domain.routing;

import org.jspecify.annotations.NullMarked;
