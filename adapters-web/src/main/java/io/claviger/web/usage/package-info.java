/** Usage as the API shows it. */
@NullMarked
package io.claviger.web.usage;

import org.jspecify.annotations.NullMarked;
