/** Commands that list things. */
@NullMarked
package io.claviger.client.listings;

import org.jspecify.annotations.NullMarked;
