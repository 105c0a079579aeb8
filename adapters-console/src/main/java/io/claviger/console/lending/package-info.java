/** Lending a service to people and groups, and ending that. */
@NullMarked
package io.claviger.console.lending;

import org.jspecify.annotations.NullMarked;
