/** Narrow access tokens for other programs. */
@NullMarked
package io.claviger.client.tokens;

import org.jspecify.annotations.NullMarked;
