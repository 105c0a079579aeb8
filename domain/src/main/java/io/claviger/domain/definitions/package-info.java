/**
 * Definitions: templates for instances. This package also contains the fields that services and
 * definitions have in common. No class here contains a key.
 */
@NullMarked
package io.claviger.domain.definitions;

import org.jspecify.annotations.NullMarked;
