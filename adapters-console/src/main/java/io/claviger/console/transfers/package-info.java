/** Services and projects that somebody offers to somebody else. */
@NullMarked
package io.claviger.console.transfers;

import org.jspecify.annotations.NullMarked;
