/** What sharing needs from other modules: stored shares, and the history of who could use what. */
@NullMarked
package io.claviger.application.sharing.port;

import org.jspecify.annotations.NullMarked;
