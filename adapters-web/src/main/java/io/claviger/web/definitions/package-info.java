/** Definitions, over HTTP, and the fields that they share with instances. */
@NullMarked
package io.claviger.web.definitions;

import org.jspecify.annotations.NullMarked;
