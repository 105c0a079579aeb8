/** Definitions: templates for instances, seen by whom they are meant for. */
@NullMarked
package io.claviger.application.definitions;

import org.jspecify.annotations.NullMarked;
