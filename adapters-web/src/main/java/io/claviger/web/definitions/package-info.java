/** HTTP routes for definitions, and the fields that definitions and instances have in common. */
@NullMarked
package io.claviger.web.definitions;

import org.jspecify.annotations.NullMarked;
