/** What the view of current activity needs from other modules: running calls and recent counts. */
@NullMarked
package io.claviger.application.activity.port;

import org.jspecify.annotations.NullMarked;
