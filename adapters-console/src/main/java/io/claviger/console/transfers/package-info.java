/** Services and projects that somebody offers the viewer. */
@NullMarked
package io.claviger.console.transfers;

import org.jspecify.annotations.NullMarked;
