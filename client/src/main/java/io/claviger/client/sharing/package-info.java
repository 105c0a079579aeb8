/** Lending a service, and ending that. */
@NullMarked
package io.claviger.client.sharing;

import org.jspecify.annotations.NullMarked;
