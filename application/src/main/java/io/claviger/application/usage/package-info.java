/** Usage: counts the usage of calls, stores it, and shows it to those whom it concerns. */
@NullMarked
package io.claviger.application.usage;

import org.jspecify.annotations.NullMarked;
