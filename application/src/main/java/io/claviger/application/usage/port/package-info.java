/** What usage needs from other modules: stored counts, charges and refused calls. */
@NullMarked
package io.claviger.application.usage.port;

import org.jspecify.annotations.NullMarked;
