/** What giving and ending shares needs from outside. */
@NullMarked
package io.claviger.application.grants.out;

import org.jspecify.annotations.NullMarked;
