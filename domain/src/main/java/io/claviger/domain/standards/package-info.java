/** API standards: the format of a provider, and how keys and headers travel. */
@NullMarked
package io.claviger.domain.standards;

import org.jspecify.annotations.NullMarked;
