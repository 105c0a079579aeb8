/** What rejected keys need from other modules: their stored rows. */
@NullMarked
package io.claviger.application.rejectedkeys.port;

import org.jspecify.annotations.NullMarked;
