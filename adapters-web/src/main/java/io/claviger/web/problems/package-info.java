/**
 * Errors as problem details (RFC 9457), and the one table from what the application says to what
 * HTTP says.
 */
@NullMarked
package io.claviger.web.problems;

import org.jspecify.annotations.NullMarked;
