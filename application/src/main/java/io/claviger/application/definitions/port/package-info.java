/** What definitions need from other modules: their stored rows. */
@NullMarked
package io.claviger.application.definitions.port;

import org.jspecify.annotations.NullMarked;
