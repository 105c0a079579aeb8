/** What the use cases of definitions need from outside. */
@NullMarked
package io.claviger.application.definitions.port;

import org.jspecify.annotations.NullMarked;
