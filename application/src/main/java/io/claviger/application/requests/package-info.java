/** Requests to borrow: asking for more of a service, granting, declining and withdrawing that. */
@NullMarked
package io.claviger.application.requests;

import org.jspecify.annotations.NullMarked;
