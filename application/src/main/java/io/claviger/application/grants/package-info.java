/**
 * Giving and ending shares, once it is settled that somebody may: the same for instances, projects
 * and definitions.
 */
@NullMarked
package io.claviger.application.grants;

import org.jspecify.annotations.NullMarked;
