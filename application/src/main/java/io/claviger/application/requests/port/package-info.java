/** What the feature needs from others. */
@NullMarked
package io.claviger.application.requests.port;

import org.jspecify.annotations.NullMarked;
