/** Errors as problem details (RFC 9457), and the mapping of the application's refusals to HTTP. */
@NullMarked
package io.claviger.web.problems;

import org.jspecify.annotations.NullMarked;
