/** What the rows of a LiteLLM become here, as pure functions. */
@NullMarked
package io.claviger.imports.litellm.rules;

import org.jspecify.annotations.NullMarked;
