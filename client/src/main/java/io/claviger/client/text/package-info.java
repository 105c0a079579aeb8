/** Makes text from elsewhere safe for terminals. */
@NullMarked
package io.claviger.client.text;

import org.jspecify.annotations.NullMarked;
