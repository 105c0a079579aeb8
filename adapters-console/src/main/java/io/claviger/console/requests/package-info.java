/** Requests to borrow: asking, and what becomes of that. */
@NullMarked
package io.claviger.console.requests;

import org.jspecify.annotations.NullMarked;
