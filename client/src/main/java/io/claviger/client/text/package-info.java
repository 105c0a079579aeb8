/** Text that comes from elsewhere, for terminals. */
@NullMarked
package io.claviger.client.text;

import org.jspecify.annotations.NullMarked;
