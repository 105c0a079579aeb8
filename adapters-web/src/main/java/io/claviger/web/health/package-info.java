/** HTTP routes that describe this process: manifest, liveness, readiness and metrics. */
@NullMarked
package io.claviger.web.health;

import org.jspecify.annotations.NullMarked;
