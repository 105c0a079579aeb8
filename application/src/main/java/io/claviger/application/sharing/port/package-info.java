/** What giving and ending shares needs from outside. */
@NullMarked
package io.claviger.application.sharing.port;

import org.jspecify.annotations.NullMarked;
