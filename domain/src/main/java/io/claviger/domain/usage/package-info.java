/** What was used: whose calls, on what, with whose key, and how much. Never what was said. */
@NullMarked
package io.claviger.domain.usage;

import org.jspecify.annotations.NullMarked;
