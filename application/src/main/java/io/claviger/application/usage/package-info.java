/** Usage: counting what calls use, keeping it, showing it to those whom it concerns. */
@NullMarked
package io.claviger.application.usage;

import org.jspecify.annotations.NullMarked;
