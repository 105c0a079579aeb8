/** Definitions, which are templates for services. */
@NullMarked
package io.claviger.application.definitions;

import org.jspecify.annotations.NullMarked;
