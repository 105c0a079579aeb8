/** HTTP routes for users' own keys for LLM services. No answer contains a key. */
@NullMarked
package io.claviger.web.userkeys;

import org.jspecify.annotations.NullMarked;
