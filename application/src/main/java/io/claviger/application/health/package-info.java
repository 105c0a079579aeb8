/** Whether this node can serve. */
@NullMarked
package io.claviger.application.health;

import org.jspecify.annotations.NullMarked;
