/** The shares of an LLM service, over HTTP. */
@NullMarked
package io.claviger.web.sharing;

import org.jspecify.annotations.NullMarked;
