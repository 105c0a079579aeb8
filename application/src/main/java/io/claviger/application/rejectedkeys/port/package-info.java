/** What the feature needs from outside. */
@NullMarked
package io.claviger.application.rejectedkeys.port;

import org.jspecify.annotations.NullMarked;
