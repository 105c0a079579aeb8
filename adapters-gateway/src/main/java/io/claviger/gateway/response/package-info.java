/** What becomes of an answer on its way back. */
@NullMarked
package io.claviger.gateway.response;

import org.jspecify.annotations.NullMarked;
