/** Usage in PostgreSQL. */
@NullMarked
package io.claviger.persistence.usage;

import org.jspecify.annotations.NullMarked;
