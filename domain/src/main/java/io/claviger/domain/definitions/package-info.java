/**
 * Definitions: templates from which instances are made, and the fields the two have in common.
 * Nothing here holds a key.
 */
@NullMarked
package io.claviger.domain.definitions;

import org.jspecify.annotations.NullMarked;
