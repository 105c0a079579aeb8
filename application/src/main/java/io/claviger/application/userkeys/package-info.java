/** Users' own keys for services: storing one, replacing it, taking it away. */
@NullMarked
package io.claviger.application.userkeys;

import org.jspecify.annotations.NullMarked;
