/**
 * Definitions are templates for instances. The fields that both have in common stand here too.
 * Nothing here holds a key.
 */
@NullMarked
package io.claviger.domain.definitions;

import org.jspecify.annotations.NullMarked;
