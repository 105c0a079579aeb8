/** Which LLM service is a user's default, over HTTP. */
@NullMarked
package io.claviger.web.defaults;

import org.jspecify.annotations.NullMarked;
