/** HTTP routes for a user's default LLM service. */
@NullMarked
package io.claviger.web.defaults;

import org.jspecify.annotations.NullMarked;
