/** The pages that say what this is and whether it works: manifest, liveness, readiness, metrics. */
@NullMarked
package io.claviger.web.health;

import org.jspecify.annotations.NullMarked;
