/** What a request asks a provider to use, and what it may cost at most. */
@NullMarked
package io.claviger.domain.estimates;

import org.jspecify.annotations.NullMarked;
