/** How usage is counted, and the reports about it. */
@NullMarked
package io.claviger.application.usage;

import org.jspecify.annotations.NullMarked;
