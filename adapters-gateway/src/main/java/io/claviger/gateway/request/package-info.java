/** What becomes of a request on its way out: what is read from it, what passes, what is added. */
@NullMarked
package io.claviger.gateway.request;

import org.jspecify.annotations.NullMarked;
