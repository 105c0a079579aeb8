/** How to call the APIs of providers: wire formats, key placements and API standards. */
@NullMarked
package io.claviger.domain.standards;

import org.jspecify.annotations.NullMarked;
