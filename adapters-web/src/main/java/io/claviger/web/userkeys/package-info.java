/** Users' own keys for LLM services, over HTTP. No answer holds one. */
@NullMarked
package io.claviger.web.userkeys;

import org.jspecify.annotations.NullMarked;
