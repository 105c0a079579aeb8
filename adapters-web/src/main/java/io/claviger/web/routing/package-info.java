/** HTTP routes that tell where names of models lead, and decide where they may. */
@NullMarked
package io.claviger.web.routing;

import org.jspecify.annotations.NullMarked;
