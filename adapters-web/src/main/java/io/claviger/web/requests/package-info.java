/** HTTP routes for requests to borrow, and the links to them that refusals carry. */
@NullMarked
package io.claviger.web.requests;

import org.jspecify.annotations.NullMarked;
